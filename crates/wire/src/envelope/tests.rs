use super::*;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;
use std::io::Write;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("to memory");
    encoder.finish().expect("to memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::stream::encode_all(bytes, 3).expect("to memory")
}

fn unpacked(body: &[u8], hint: Option<Encoding>) -> Result<String, EnvelopeError> {
    inflate(body, hint, &Limits::default()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[test]
fn gzip_is_known_by_its_magic_whatever_the_hint_says() {
    let body = gzip(b"{\"a\":1}");
    for hint in [None, Some(Encoding::Gzip), Some(Encoding::Deflate), Some(Encoding::Lz64), Some(Encoding::Brotli)] {
        assert_eq!(unpacked(&body, hint).as_deref(), Ok("{\"a\":1}"), "{hint:?}");
    }
    assert_eq!(unpacked(b"{\"a\":1}", Some(Encoding::Gzip)).as_deref(), Ok("{\"a\":1}"));
}

#[test]
fn a_gzip_of_several_members_is_one_body() {
    let body = [gzip(b"{\"a\""), gzip(b":1}")].concat();
    assert_eq!(unpacked(&body, None).as_deref(), Ok("{\"a\":1}"));
}

#[test]
fn deflate_is_read_with_and_without_zlib_wrapping() {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(b"{\"a\":1}").expect("to memory");
    let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
    bare.write_all(b"{\"a\":1}").expect("to memory");
    for body in [zlib.finish().expect("to memory"), bare.finish().expect("to memory"), b"{\"a\":1}".to_vec()] {
        assert_eq!(unpacked(&body, Some(Encoding::Deflate)).as_deref(), Ok("{\"a\":1}"));
    }
}

#[test]
fn zstd_is_known_by_its_magic_and_may_have_several_frames() {
    let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"any"].concat();
    let body = [skipped, zstd(b"{\"a\""), zstd(b":1}")].concat();
    for hint in [None, Some(Encoding::Zstd), Some(Encoding::Gzip), Some(Encoding::Brotli)] {
        assert_eq!(unpacked(&body, hint).as_deref(), Ok("{\"a\":1}"), "{hint:?}");
    }
    // A proxy has unpacked it already.
    assert_eq!(unpacked(b"{\"a\":1}", Some(Encoding::Zstd)).as_deref(), Ok("{\"a\":1}"));
}

#[test]
fn a_zstd_bomb_stops_at_the_cap_and_no_frame_gets_a_large_window() {
    let zeros = zstd(&vec![0u8; 64 << 20]);
    assert!(zeros.len() < 10_000);
    assert_eq!(unpacked(&zeros, None), Err(EnvelopeError::Bomb { ratio_max: 100 }));
    let loose = Limits { ratio_max: 100_000, ..Limits::default() };
    assert_eq!(inflate(&zeros, None, &loose), Err(EnvelopeError::TooLarge { max_bytes: 20 << 20 }));
    let frames = zstd(&vec![0u8; 1 << 20]).repeat(64);
    assert_eq!(unpacked(&frames, None), Err(EnvelopeError::Bomb { ratio_max: 100 }));
    // A head that asks for 128 MiB of window (exponent 17), then a raw block.
    let wide = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 17 << 3, 0x09, 0x00, 0x00, b'x'];
    assert!(matches!(unpacked(&wide, None), Err(EnvelopeError::Corrupt { .. })));
    let usual = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 13 << 3, 0x09, 0x00, 0x00, b'x'];
    assert_eq!(unpacked(&usual, None).as_deref(), Ok("x"));
}

#[test]
fn a_bomb_stops_at_the_cap() {
    let zeros = gzip(&vec![0u8; 64 << 20]);
    let started = std::time::Instant::now();
    assert_eq!(unpacked(&zeros, None), Err(EnvelopeError::Bomb { ratio_max: 100 }));
    // A body that is allowed its ratio still meets the cap on bytes.
    let loose = Limits { ratio_max: 10_000, ..Limits::default() };
    assert_eq!(inflate(&zeros, None, &loose), Err(EnvelopeError::TooLarge { max_bytes: 20 << 20 }));
    // Members count together, so many small bombs are one large one.
    let members = gzip(&vec![0u8; 1 << 20]).repeat(64);
    assert_eq!(unpacked(&members, None), Err(EnvelopeError::Bomb { ratio_max: 100 }));
    assert!(started.elapsed().as_millis() < 2_000, "{:?}", started.elapsed());
    // Below the first MiB any ratio is fine: a batch of equal events is no attack.
    assert!(unpacked(&gzip(&vec![b' '; 1 << 20]), None).is_ok());
}

#[test]
fn a_bomb_is_known_by_its_beginning_and_not_by_what_is_sent_behind_it() {
    // Nothing packs it: xorshift.
    let mut state = 2_463_534_242_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    let noise: Vec<u8> = (0..4 << 20).map(|_| next()).collect();
    let bomb = [&vec![0u8; 8 << 20][..], &noise].concat();
    let deflate = |bytes: &[u8]| {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("to memory");
        encoder.finish().expect("to memory")
    };
    for body in [gzip(&bomb), zstd(&bomb), deflate(&bomb)] {
        assert!(bomb.len() < body.len() * 100, "as a whole it stays within the ratio");
        assert_eq!(unpacked(&body, Some(Encoding::Deflate)), Err(EnvelopeError::Bomb { ratio_max: 100 }));
    }
    assert!(unpacked(&gzip(&[&noise[..], &vec![0u8; 8 << 20]].concat()), None).is_ok());
}

#[test]
fn broken_unknown_and_empty_bodies_have_their_own_errors() {
    let cut_off = &gzip(b"{\"a\":1}")[..15];
    assert_eq!(unpacked(cut_off, None), Err(EnvelopeError::Corrupt { encoding: "gzip" }));
    assert_eq!(unpacked(b"\xff\xff\xff", Some(Encoding::Deflate)), Err(EnvelopeError::Corrupt { encoding: "deflate" }));
    assert_eq!(unpacked(b"x", Some(Encoding::Brotli)), Err(EnvelopeError::UnsupportedEncoding { name: "br" }));
    let cut_off = &zstd(b"{\"a\":1}")[..12];
    assert!(matches!(unpacked(cut_off, Some(Encoding::Zstd)), Err(EnvelopeError::Corrupt { .. })));
    assert_eq!(unpacked(b"", None), Err(EnvelopeError::Empty));
    let small = Limits { body_bytes_max: 3, ..Limits::default() };
    assert_eq!(inflate(b"1234", None, &small), Err(EnvelopeError::TooLarge { max_bytes: 3 }));
}

#[test]
fn lz64_reads_what_lz_string_wrote() {
    // Written by lz-string 1.5.0, compressToBase64.
    let long: String =
        (0u32..300).flat_map(|i| [char::from(32 + (i * i % 90) as u8), char::from(b'0' + (i % 7) as u8)]).collect();
    let repeated = "a".repeat(24);
    for (packed, text) in [
        ("BYUwNmD2Q===", "hello"),
        ("IY18aQ==", repeated.as_str()),
        (
            "N4IgpgbmB2AuIC4QBIAOBDA5pAlmA7iADQioBOA9qmGbHgM6KiwUDWMipAFgMYD6AD2IgAJjnp1oPWHxwjOAVwCMIAL6qgA=",
            r#"{"event":"$pageview","properties":{"token":"phc_x","distinct_id":"u1"}}"#,
        ),
        ("pyQn5IQUkIspCGSQgCkABKSsg===", "हिन्दी हिन्दी"),
        // An unpaired surrogate, then a pair.
        ("gAbA9LwbgAe0A===", "\u{fffd}x😀"),
        ("Q===", ""),
        (include_str!("../../tests/lz-string-600.txt"), long.as_str()),
    ] {
        assert_eq!(unpacked(packed.as_bytes(), Some(Encoding::Lz64)).as_deref(), Ok(text), "{packed}");
    }
    for broken in ["!", "A", "BYUw", "zzzzzzzz"] {
        let refused = unpacked(broken.as_bytes(), Some(Encoding::Lz64));
        assert_eq!(refused, Err(EnvelopeError::Corrupt { encoding: "lz64" }), "{broken}");
    }
}

#[test]
fn the_odd_padding_of_lz_string_is_still_packed_text() {
    // lz-string 1.5.0 pads to a multiple of four with up to three signs; this is {"event":"e100"}.
    assert!(base64_text::looks_like(b"N4IgpgbmB2AuIC5wEYAMqQF8g==="));
    assert!(!base64_text::looks_like(b"abcd===="));
}

#[test]
fn an_lz64_bomb_stops_at_the_cap() {
    let small = Limits { body_bytes_max: 1 << 20, ratio_from_bytes: 1 << 10, ..Limits::default() };
    // "a" and then ever longer repetitions: each code is one unit longer than the one before.
    let bomb = lz64_of_repeats(4_000);
    assert_eq!(
        inflate(bomb.as_bytes(), Some(Encoding::Lz64), &small),
        Err(EnvelopeError::TooLarge { max_bytes: 1 << 20 })
    );
    let strict = Limits { ratio_max: 2, ..small };
    assert_eq!(inflate(bomb.as_bytes(), Some(Encoding::Lz64), &strict), Err(EnvelopeError::Bomb { ratio_max: 2 }));
    // Each code costs memory, so what is packed has a limit of its own.
    let long = vec![b'A'; (4 << 20) + 1];
    assert_eq!(unpacked(&long, Some(Encoding::Lz64)), Err(EnvelopeError::TooLarge { max_bytes: 4 << 20 }));
}

/// Writes `a` and `codes` times the code that is being defined.
fn lz64_of_repeats(codes: u32) -> String {
    let mut bits: Vec<u8> = Vec::new();
    let mut write = |value: u32, width: u32| bits.extend((0..width).map(|bit| (value >> bit & 1) as u8));
    write(0, 2);
    write(u32::from(b'a'), 8);
    let (mut width, mut until_wider, mut next) = (3, 4, 4);
    for _ in 0..codes {
        write(next, width);
        next += 1;
        until_wider -= 1;
        if until_wider == 0 {
            until_wider = 1 << width;
            width += 1;
        }
    }
    write(2, width);
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bits.chunks(6)
        .map(|six| {
            char::from(
                alphabet[(0..6).fold(0, |value, bit| value << 1 | usize::from(six.get(bit).copied().unwrap_or(0)))],
            )
        })
        .collect()
}

#[test]
fn repeats_up_to_the_cap_are_whole() {
    let text = unpacked(lz64_of_repeats(100).as_bytes(), Some(Encoding::Lz64)).expect("below every cap");
    assert_eq!(text, "a".repeat(1 + (2..=101).sum::<usize>()));
}

#[test]
fn base64_of_every_kind_is_recognised() {
    for text in ["eyJhIjoxfQ==", "eyJhIjoxfQ", "eyJhIjoxfQ==\n", "eyJh\r\nIjoxfQ==", "_-8", "/+8="] {
        assert!(base64_text::looks_like(text.as_bytes()), "{text:?}");
        assert!(base64_text::decode(text.as_bytes()).is_some(), "{text:?}");
    }
    for text in ["", "{\"a\":1}", "data=eyJhIjoxfQ==", "a b", "====", "x", "é"] {
        assert!(!base64_text::looks_like(text.as_bytes()), "{text:?}");
    }
    assert_eq!(base64_text::restore_plus("_ 8=").as_deref(), Some("_+8="));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..400), hint in 0usize..7) {
        let hints = [None, Some(Encoding::Gzip), Some(Encoding::Deflate), Some(Encoding::Base64), Some(Encoding::Lz64),
            Some(Encoding::Brotli), Some(Encoding::Zstd)];
        let _ = inflate(&body, hints[hint], &Limits::default());
    }

    #[test]
    fn no_base64_text_makes_lz64_panic(body in "[A-Za-z0-9+/=]{0,400}") {
        let _ = inflate(body.as_bytes(), Some(Encoding::Lz64), &Limits::default());
    }

    #[test]
    fn damaged_gzip_never_panics(text in ".{0,200}", at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut body = gzip(text.as_bytes());
        let at = at.index(body.len());
        body[at] = byte;
        let _ = inflate(&body, None, &Limits::default());
    }
}
