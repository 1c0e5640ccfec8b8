//! `PutLogEvents`.

use serde_json::{Value, json};

use super::super::batch::{self, NewEvent, Rejected};
use super::super::error::LogsError;
use super::{Answer, Call, insert};

impl Call<'_> {
    pub(super) fn put_log_events(&mut self) -> Answer {
        let group = self.group_name()?;
        let stream = self.stream_name()?;
        let events = self.new_events()?;
        // AWS takes any token and looks at none.
        self.parameters.text("sequenceToken")?;
        self.finish_parameters()?;
        let found = self.existing_group(&group)?;
        let stream = self.existing_stream(&found, &stream)?;
        let (accepted, rejected) = batch::check(events, self.now, found.cutoff(self.now))?;
        if !self.store().append(found.id, stream.id, &accepted, self.now)? {
            // Somebody removed the stream since, alone or with its group.
            self.existing_group(&group)?;
            return Err(LogsError::no_stream(&stream.name));
        }
        let mut answer = json!({ "nextSequenceToken": format!("{:056}", self.now) });
        insert(&mut answer, "rejectedLogEventsInfo", described(rejected));
        Ok(answer)
    }

    fn new_events(&mut self) -> Result<Vec<NewEvent>, LogsError> {
        let events = self.parameters.required_structures("logEvents")?.into_iter().map(|mut event| {
            let timestamp = event.required_integer("timestamp")?;
            let message = event.required_text("message")?;
            event.finish()?;
            Ok(NewEvent { timestamp, message })
        });
        events.collect()
    }
}

fn described(rejected: Rejected) -> Option<Value> {
    if rejected == Rejected::default() {
        return None;
    }
    let mut described = json!({});
    insert(&mut described, "tooOldLogEventEndIndex", rejected.too_old_end);
    insert(&mut described, "expiredLogEventEndIndex", rejected.expired_end);
    insert(&mut described, "tooNewLogEventStartIndex", rejected.too_new_start);
    Some(described)
}
