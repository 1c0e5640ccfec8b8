//! The nine genres of the sample label: their names and the shape of their week.

/// A genre of the sample label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Genre {
    Ambient,
    Electronic,
    Folk,
    HipHop,
    IndiePop,
    Jazz,
    Latin,
    Neoclassical,
    RhythmAndBlues,
}

impl Genre {
    /// The name as stored, in lower case.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Ambient => "ambient",
            Self::Electronic => "electronic",
            Self::Folk => "folk",
            Self::HipHop => "hip hop",
            Self::IndiePop => "indie pop",
            Self::Jazz => "jazz",
            Self::Latin => "latin",
            Self::Neoclassical => "neoclassical",
            Self::RhythmAndBlues => "r&b",
        }
    }

    /// How much of an average day's listening falls on Monday … Sunday; the mean is 1.
    ///
    /// Music to work to peaks on weekdays, music to dance to towards Saturday, folk on Sunday.
    pub(super) fn week(self) -> [f64; 7] {
        match self {
            Self::Ambient => [1.06, 1.05, 1.04, 1.02, 0.92, 0.90, 1.01],
            Self::Electronic => [0.90, 0.92, 0.95, 1.00, 1.16, 1.18, 0.89],
            Self::Folk => [0.95, 0.95, 0.97, 0.98, 1.00, 1.03, 1.12],
            Self::HipHop => [0.95, 0.95, 0.96, 0.99, 1.10, 1.09, 0.96],
            Self::IndiePop => [0.98, 0.98, 0.99, 1.00, 1.06, 1.02, 0.97],
            Self::Jazz => [0.94, 0.96, 0.97, 1.00, 1.05, 1.07, 1.01],
            Self::Latin => [0.93, 0.93, 0.96, 1.00, 1.10, 1.14, 0.94],
            Self::Neoclassical => [1.07, 1.06, 1.05, 1.02, 0.91, 0.88, 1.01],
            Self::RhythmAndBlues => [0.96, 0.96, 0.98, 1.00, 1.08, 1.06, 0.96],
        }
    }
}
