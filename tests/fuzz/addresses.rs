//! Addresses of pages, files and exports.

use super::asked;
use crate::support::fuzzing;

const SEEDS: [&str; 12] = [
    "/artists?search=mira&sort=name&order=desc&page=2&genre=folk",
    "/artists/art_1?range=90d",
    "/releases?status=draft&from=2026-01-01&to=2026-12-31",
    "/tools?tool=list_audio_files&arguments=%7B%22maxKeys%22%3A1%7D&run=1",
    "/performance?range=24h&series=calls",
    "/logs?search=error&range=1h&group=%2Fpatchline%2Fapplication",
    "/health/s3",
    "/admin/policy?who=producer&tool=get_contract&at=22:00&from=10.0.0.1",
    "/media/patchline-audio/a.wav?versionId=null",
    "/export/logs?id=q_1&format=csv&limit=5",
    "/sign-in?next=%2Fartists",
    "/api/fleet/s3",
];

const WORDS: [&str; 14] = [
    "?",
    "&",
    "=",
    "%2F",
    "%2e%2e/",
    "%ff",
    "%00",
    "+",
    "page=",
    "range=",
    "search=",
    "-1",
    "2026-02-30",
    "[]",
];

#[test]
fn fuzz_addresses() {
    asked(&[("ENABLE_CLOUDWATCH", "true")], |patchline| {
        fuzzing::text(80, &SEEDS, &WORDS, |address| {
            // Streams of news have no end.
            let has_end = !address.starts_with("/events") && !address.starts_with("/mcp");
            if address.starts_with('/') && has_end {
                patchline.get(address);
            }
        });
    });
}
