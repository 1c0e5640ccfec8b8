//! Files that are wrong: what is told about them, and that nothing runs away.

use super::support::{analysis, container, music, wav};
use crate::music::audio::{AudioError, Kind};
use proptest::prelude::*;

#[test]
fn what_is_no_audio_is_refused_by_name() {
    assert!(matches!(analysis(b""), Err(AudioError::Empty)));
    assert!(matches!(
        analysis(b"MZ\x90\0 renamed.wav"),
        Err(AudioError::NotAudio { what: "a Windows program" })
    ));
}

#[test]
fn headers_that_cannot_be_right_are_told() {
    let told = |bytes: Vec<u8>| analysis(&bytes).expect_err("wrong").to_string();
    assert!(told(container(1, 0, 44_100, 16, &[0; 8])).contains("0 channels"));
    assert!(told(container(1, 2, 0, 16, &[0; 8])).contains("0 Hz"));
    assert!(told(container(1, 900, 44_100, 16, &[0; 8])).contains("900 channels"));
    assert!(told(container(1, 2, 44_100, 12, &[0; 8])).contains("12 bits"));
    assert!(told(container(0x55, 2, 44_100, 16, &[0; 8])).contains("0x0055"));
    assert!(told(b"RIFF\x04\0\0\0WAVE".to_vec()).contains("no audio"));
    let mut early = b"RIFF\x10\0\0\0WAVEdata\x04\0\0\0".to_vec();
    early.extend([0; 4]);
    assert!(told(early).contains("before its format"));
}

#[test]
fn of_a_truncated_file_everything_before_the_end_is_read() {
    let mut bytes = wav(44_100, 16, &music(44_100, 2.0));
    bytes.truncate(44 + 44_100 * 4);
    let found = analysis(&bytes).expect("audio");
    assert_eq!((found.frames, found.properties.kind), (44_100, Kind::Wav));
    assert_eq!(found.damages.first[0].at, 44_100);
    assert!(found.damages.first[0].what.contains("bytes are missing"));
}

#[test]
fn sizes_of_four_gibibytes_take_no_room() {
    let mut bytes = wav(44_100, 16, &music(44_100, 1.0));
    bytes[40..44].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
    let found = analysis(&bytes).expect("audio");
    assert_eq!((found.frames, found.damages.count), (44_100, 1));
    bytes[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
    bytes[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(analysis(&bytes).expect("a stream").frames, 44_100);
}

#[test]
fn rf64_tells_its_sizes_elsewhere() {
    let plain = wav(44_100, 16, &music(44_100, 1.0));
    let data = u64::try_from(plain.len() - 44).expect("short");
    let mut bytes = b"RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0".to_vec();
    bytes.extend((data + 72).to_le_bytes());
    bytes.extend(data.to_le_bytes());
    bytes.extend([0; 12]);
    bytes.extend(&plain[12..40]);
    bytes.extend(u32::MAX.to_le_bytes());
    bytes.extend(&plain[44..]);
    let found = analysis(&bytes).expect("audio");
    assert_eq!((found.frames, found.damages.count), (44_100, 0));
    assert!(found.riff.expect("a container").is_size_right());
}

#[test]
fn whoever_watches_can_stop_it() {
    let bytes = wav(44_100, 16, &music(44_100, 1.0));
    let stopped = crate::music::audio::analyze(&mut std::io::Cursor::new(bytes), |_, _| false);
    assert!(matches!(stopped, Err(AudioError::Stopped)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn changed_bytes_never_make_it_panic(at in 0_usize..44, byte: u8, length in 0_usize..4000) {
        let mut bytes = wav(8000, 16, &music(8000, 0.1));
        bytes[at] = byte;
        bytes.truncate(length);
        let _ = analysis(&bytes);
    }
}
