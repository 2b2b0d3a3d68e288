//! Little that inflates to much.

use crate::load::{Neighbour, cost, metric};
use crate::running::{Running, WRITE_KEY};
use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress};
use std::io::Write;

/// What of a 10 MiB bomb may be resident at once: the body as sent and what was inflated up to the cap of 20 MiB.
const EXTRA_MIB_MAX: usize = 32;
/// One bomb. A build without optimisation inflates some ten times slower.
const CPU_MS_MAX: u64 = if cfg!(debug_assertions) { 2_000 } else { 120 };
const SENT_BYTES: usize = 10 << 20;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

/// A piece of a stream, repeated to the wanted size.
fn repeated(head: &[u8], piece: &[u8]) -> Vec<u8> {
    let mut bytes = head.to_vec();
    while bytes.len() < SENT_BYTES {
        bytes.extend_from_slice(piece);
    }
    bytes.truncate(SENT_BYTES);
    bytes
}

/// 16 MiB of nothing as one piece of a deflate stream that may be followed by itself.
fn deflated_piece() -> Vec<u8> {
    let mut piece = Vec::with_capacity(64 << 10);
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(&vec![0; 16 << 20], &mut piece, FlushCompress::Full).expect("in memory");
    piece
}

/// `a` and then each time the code that is being defined: n codes are n²/2 characters.
fn lz64(codes: u32) -> Vec<u8> {
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
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let six = |six: &[u8]| (0..6).fold(0, |value, bit| value << 1 | usize::from(six.get(bit).copied().unwrap_or(0)));
    bits.chunks(6).map(|chunk| alphabet[six(chunk)]).collect()
}

#[test]
fn a_bomb_of_every_kind_is_413_in_little_memory_and_time() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let sunbird = format!("/v1/telemetry?key={WRITE_KEY}");
    let gzip_member = gzip(&vec![0; 16 << 20]);
    let gzip_bomb = repeated(&[], &gzip_member);
    assert!(gzip_member.len() < 20_000, "each repetition of these is 16 MiB: 10 GiB in all");
    // Past the first cap lies a second one: what is inside is again a bomb.
    let nested = gzip(&repeated(&[], &gzip_member)[..4 << 20]);
    let thrice = gzip(&gzip(&gzip(&vec![0; 32 << 20])));
    let zlib = repeated(&[0x78, 0xda], &deflated_piece());
    let frame = zstd::stream::encode_all(&vec![0; 16 << 20][..], 3).expect("in memory");
    let zstd_bomb = repeated(&[], &frame);
    let lz64_bomb = lz64(200_000);
    let bombs: [(&str, &str, Option<&str>, &[u8]); 11] = [
        ("gzip members", &sunbird, Some("gzip"), &gzip_bomb),
        ("gzip members, unsaid", "/e/", None, &gzip_bomb),
        ("gzip in gzip", &sunbird, Some("gzip"), &nested),
        ("gzip in gzip", "/e/", None, &nested),
        ("gzip in gzip in gzip", "/batch/", None, &thrice),
        ("deflate", &sunbird, Some("deflate"), &zlib),
        ("deflate", "/e/", Some("deflate"), &zlib),
        ("zstd frames", &sunbird, Some("zstd"), &zstd_bomb),
        ("zstd frames, unsaid", "/e/", None, &zstd_bomb),
        ("lz64", "/e/?compression=lz64", None, &lz64_bomb),
        ("lz64 of flags", "/flags/?compression=lz64", None, &lz64_bomb),
    ];
    let neighbour = Neighbour::of(&server);
    let refused_before = metric(&server, "telemetry_unreadable_requests_total");
    for (what, path, encoding, bytes) in bombs {
        let headers: Vec<_> = encoding.map(|encoding| ("content-encoding", encoding)).into_iter().collect();
        let cost = cost(&server, what, || {
            let answer = server.send("POST", path, &headers, bytes);
            // Flags are not asked for in lz64, and nothing is unpacked twice.
            let wanted: &[u16] =
                if what.starts_with("gzip in gzip") || what == "lz64 of flags" { &[400, 413] } else { &[413] };
            assert!(wanted.contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
            assert!(answer.body.is_object(), "{what}: {}", answer.body);
        });
        assert!(cost.extra_mib <= EXTRA_MIB_MAX, "{what}: {cost:?}");
        assert!(cost.cpu_ms <= CPU_MS_MAX, "{what}: {cost:?}");
    }
    neighbour.all_stored(&server);
    assert_eq!(metric(&server, "telemetry_unreadable_requests_total") - refused_before, bombs.len() as f64);
    server.outcomes();
}

#[test]
fn zstd_is_read_and_brotli_is_refused_with_what_to_send() {
    let _turn = crate::load::among_others();
    let server = Running::start();
    let event = serde_json::json!({"events": [crate::running::impression("z1", "p", "home", crate::load::AT_MS)]});
    let body = zstd::stream::encode_all(event.to_string().as_bytes(), 3).expect("in memory");
    let path = format!("/v1/telemetry?key={WRITE_KEY}");
    assert_eq!(server.send("POST", &path, &[("content-encoding", "zstd")], &body).status, 200);
    assert_eq!(server.total("IMPRESSION", "total"), 1.0);
    for path in [path.as_str(), "/e/"] {
        let refused = server.send("POST", path, &[("content-encoding", "br")], b"\x1b\x03\x00\xf8");
        assert_eq!(refused.status, 415, "{}", refused.body);
        assert!(refused.body.to_string().contains("send gzip, deflate or zstd"), "{}", refused.body);
    }
}
