//! Values of variables.

use crate::support::fuzzing;
use patchline::engine::config::{Config, VARIABLES};

const SEEDS: [&str; 14] = [
    "true",
    "60",
    "127.0.0.1:3000",
    "a,b,c",
    "10.0.0.0/8,2001:db8::/32",
    "Mon-Fri 09:00-18:30",
    "Europe/Oslo",
    "list_audio_files=1/1,producer=5/2",
    "sqlite:patchline-royalties@reader",
    "http://127.0.0.1:11434/v1",
    "/patchline/application,/patchline/mcp/audit",
    "artists,releases,analytics",
    "a-secret-of-the-test-of-values",
    "us-east-1",
];

const WORDS: [&str; 12] =
    [",", "/33", "::", "=", "-", ":0", " ", "true", "@", "://", "a-secret-of-the-test-of-values", "*"];

#[test]
fn fuzz_values_of_variables() {
    fuzzing::rounds(|number| {
        for variable in VARIABLES {
            fuzzing::text_of(number, 15, &SEEDS, &WORDS, |text| {
                // A variable has no zero byte in it, on any system.
                let text = text.replace('\0', "");
                let lookup = |name: &str| (name == variable.name).then(|| text.clone());
                let Err(error) = Config::load(&lookup, false) else { return };
                let said = error.to_string();
                assert!(said.contains(error.variable) && !error.allowed.is_empty(), "{said}");
                let is_told = said.contains("a-secret-of-the-test-of-values");
                assert!(!(variable.secret && is_told), "{} tells its value: {said}", variable.name);
            });
        }
    });
}
