//! How far a long operation is, told to whoever wants to know while it runs.

use tokio::sync::watch;

/// Where an operation says how far it is. Only the newest step is kept, and saying it never waits.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    steps: Option<watch::Sender<Step>>,
}

/// How far an operation is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// What is done, in the operation's own unit; never less than before.
    pub done: u64,
    /// What there is to do, where it is known.
    pub total: Option<u64>,
    /// The same in words.
    pub message: String,
}

impl Progress {
    /// Nobody wants to know.
    pub fn ignored() -> Self {
        Self::default()
    }

    /// Progress, and where it can be watched.
    pub fn watched() -> (Self, watch::Receiver<Step>) {
        let (steps, watcher) = watch::channel(Step::default());
        (Self { steps: Some(steps) }, watcher)
    }

    /// Says how far the operation is.
    pub fn report(&self, step: Step) {
        if let Some(steps) = &self.steps {
            steps.send_if_modified(|current| {
                let newer = step.done >= current.done && step != *current;
                if newer {
                    *current = step;
                }
                newer
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_step_is_seen_and_none_goes_back() {
        let (progress, watcher) = Progress::watched();
        let step = |done| Step { done, total: None, message: format!("{done} records") };
        progress.report(step(10));
        progress.report(step(30));
        progress.report(step(20));
        assert_eq!(*watcher.borrow(), step(30));
    }
}
