//! The product through its real doors.

mod embedded_aws;
