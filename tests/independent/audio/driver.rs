//! Tells what Patchline finds out about recordings and identifiers, one JSON a line, for checks against tools that
//! others wrote: `audio analyze FILE…`, `audio waveform FILE`, `audio identifiers` with `kind text` lines at stdin.

use patchline::music::audio::{
    Analysis, AudioError, Bits, FINEST, Fingerprint, LONGEST_SECONDS, analyze, draw,
};
use patchline::music::identifier::{Dpid, Gtin, IpiBase, IpiName, Isni, Isrc, Iswc};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match told() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn told() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut out = io::stdout().lock();
    match arguments.next().as_deref() {
        Some("analyze") => {
            for path in arguments {
                writeln!(out, "{}", found(&path)?)?;
            }
        }
        Some("waveform") => {
            for path in arguments {
                let part = 0.0..f64::from(LONGEST_SECONDS);
                let drawn =
                    draw(&mut BufReader::new(File::open(path)?), FINEST, usize::MAX, part, None, |_, _| {
                        true
                    })?;
                writeln!(out, "{}", serde_json::to_string(&drawn.json(Bits::Sixteen))?)?;
            }
        }
        Some("identifiers") => {
            for line in io::stdin().lock().lines() {
                let line = line?;
                let (kind, text) = line.split_once(' ').unwrap_or((&line, ""));
                writeln!(out, "{}", is_right(kind, text))?;
            }
        }
        _ => return Err("audio analyze FILE… | waveform FILE… | identifiers".into()),
    }
    Ok(())
}

fn found(path: &str) -> Result<Value, AudioError> {
    let analyzed = analyze(&mut BufReader::new(File::open(path)?), |_, _| true);
    Ok(match analyzed {
        Ok(analysis) => of(&analysis),
        Err(error) => json!({ "error": error.to_string() }),
    })
}

fn of(analysis: &Analysis) -> Value {
    let (loudness, properties) = (&analysis.loudness, &analysis.properties);
    json!({
        "kind": properties.kind.name(), "codec": properties.codec, "rate": properties.rate,
        "channels": properties.channels, "bits": properties.bits, "frames": analysis.frames,
        "integrated": loudness.integrated, "range": loudness.range, "truePeak": loudness.true_peak,
        "shortTermMax": loudness.short_term_max, "momentaryMax": loudness.momentary_max,
        "shortTerm": analysis.curve.short_term, "momentary": analysis.curve.momentary,
        "damages": analysis.damages.count, "step": analysis.spectrum.step, "cutOff": analysis.spectrum.cut_off,
        "fingerprint": analysis.fingerprint.map(|fingerprint| match fingerprint {
            Fingerprint::Right => "right",
            Fingerprint::Wrong => "wrong",
            Fingerprint::Absent => "absent",
        }),
        "tempo": analysis.tempo.map(|tempo| tempo.bpm), "key": analysis.key.as_ref().map(|key| &key.name),
    })
}

fn is_right(kind: &str, text: &str) -> bool {
    match kind {
        "iswc" => text.parse::<Iswc>().is_ok(),
        "isni" => text.parse::<Isni>().is_ok(),
        "ipi_name" => text.parse::<IpiName>().is_ok(),
        "ipi_base" => text.parse::<IpiBase>().is_ok(),
        "dpid" => text.parse::<Dpid>().is_ok(),
        "isrc" => text.parse::<Isrc>().is_ok(),
        "ean" => text.parse::<Gtin>().is_ok(),
        _ => false,
    }
}
