//! Names of secrets. Compared by the last path segment, without case, `_`, `-`, `$` and spaces.
//!
//! Harmless neighbours are not here on purpose: `pincode` (a postal code), `pan` (a gesture), `pass` (of an ASSESS),
//! `token_count`, `cookie_consent`; and a boolean is never a secret (`has_password`).

use model::Value;

/// A property that was removed because of its name.
pub(super) const SECRET: &str = "floor_violation:secret_key";
/// A property that names a precise place.
const LOCATION: &str = "floor_violation:precise_location";

/// Longer segments name nothing on the list.
const SEGMENT_BYTES_MAX: usize = 40;

/// In byte order, for the search.
const SECRETS: [&str; 71] = [
    "aadhaar",
    "aadhaarcard",
    "aadhaarno",
    "aadhaarnumber",
    "aadhar",
    "aadharcard",
    "aadharno",
    "aadharnumber",
    "accesstoken",
    "apikeysecret",
    "apisecret",
    "atmpin",
    "authheader",
    "authorization",
    "authtoken",
    "bearer",
    "bearertoken",
    "cardcvv",
    "cardno",
    "cardnumber",
    "cardpin",
    "ccnumber",
    "clientsecret",
    "cookie",
    "cookies",
    "creditcard",
    "creditcardno",
    "creditcardnumber",
    "csrftoken",
    "cvc",
    "cvc2",
    "cvv",
    "cvv2",
    "debitcard",
    "debitcardno",
    "debitcardnumber",
    "documentcookie",
    "idtoken",
    "jwt",
    "loginotp",
    "mpin",
    "onetimecode",
    "onetimepassword",
    "otp",
    "otpcode",
    "otpvalue",
    "pancard",
    "pancardno",
    "pancardnumber",
    "panno",
    "pannumber",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "proxyauthorization",
    "pwd",
    "refreshtoken",
    "secret",
    "secretkey",
    "sessioncookie",
    "sessiontoken",
    "setcookie",
    "transactionpin",
    "uidai",
    "upiid",
    "upipin",
    "vpa",
    "xauthtoken",
    "xsrftoken",
];

/// In byte order.
const PLACES: [&str; 8] =
    ["geoiplatitude", "geoiplongitude", "gpslatitude", "gpslongitude", "lat", "latitude", "lng", "longitude"];

/// Why a property of this name is removed, if it is.
pub(super) fn forbidden(key: &str) -> Option<&'static str> {
    let segment = key.bytes().rposition(|byte| byte == b'.').map_or(key, |dot| &key[dot + 1..]);
    if segment.len() < 3 || segment.len() > SEGMENT_BYTES_MAX || !may_be_listed(segment.as_bytes()) {
        return None;
    }
    let mut bare = [0u8; SEGMENT_BYTES_MAX];
    let mut len = 0;
    for byte in segment.bytes() {
        if !matches!(byte, b'_' | b'-' | b'$' | b' ') {
            bare[len] = byte.to_ascii_lowercase();
            len += 1;
        }
    }
    let bare = std::str::from_utf8(&bare[..len]).ok()?;
    // `new_password`, `confirmPassword`: whatever stands before the word.
    if SECRETS.binary_search(&bare).is_ok() || bare.ends_with("password") {
        Some(SECRET)
    } else if PLACES.binary_search(&bare).is_ok() {
        Some(LOCATION)
    } else {
        None
    }
}

/// The last letters decide for most keys that they are not listed, without normalising them.
fn may_be_listed(segment: &[u8]) -> bool {
    let last = segment[segment.len() - 1].to_ascii_lowercase();
    let before = segment[segment.len() - 2].to_ascii_lowercase();
    let before =
        if matches!(before, b'_' | b'-' | b' ') { segment[segment.len() - 3].to_ascii_lowercase() } else { before };
    matches!(
        (before, last),
        (b'a', b'r' | b'i' | b't')
            | (b'r', b'd')
            | (b'n', b'o' | b'g')
            | (b'e', b'r' | b'n' | b't' | b'y')
            | (b'i', b'n' | b'e' | b'd')
            | (b'o', b'n')
            | (b'v', b'v' | b'c' | b'2')
            | (b'c', b'2')
            | (b'e', b's')
            | (b'w', b't' | b'd')
            | (b'd', b'e')
            | (b't', b'p')
            | (b'u', b'e')
            | (b's', b'e')
            | (b'p', b'a')
    )
}

/// Whether a value can be what the name says: no boolean is a secret, and a short place name is only one with a number.
pub(super) fn can_hold(reason: &str, value: &Value) -> bool {
    match value {
        Value::Bool(_) => false,
        Value::Text(text) if text.is_empty() => false,
        other => reason != LOCATION || other.number().is_some(),
    }
}

/// The same for a member of parsed JSON.
pub(super) fn can_hold_json(reason: &str, value: &serde_json::Value) -> bool {
    match Value::from_json(value) {
        Some(value) => can_hold(reason, &value),
        // A filled object under a secret's name is a secret; null holds nothing.
        None => !value.is_null() && reason == SECRET,
    }
}

/// Whether JSON text has a member whose name is on the list. One pass, nothing is parsed.
pub(super) fn in_json(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(open) = bytes[at..].iter().position(|byte| *byte == b'"').map(|offset| at + offset) {
        let mut close = open + 1;
        while close < bytes.len() && bytes[close] != b'"' {
            close += if bytes[close] == b'\\' { 2 } else { 1 };
        }
        if close >= bytes.len() {
            return false;
        }
        at = close + 1;
        let behind = bytes[at..].iter().find(|byte| !byte.is_ascii_whitespace());
        if behind == Some(&b':') && forbidden(&text[open + 1..close]).is_some() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_for_the_search() {
        assert!(SECRETS.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(PLACES.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn the_quick_look_misses_nothing() {
        for word in SECRETS.iter().chain(&PLACES) {
            assert!(forbidden(word).is_some(), "{word}");
            assert!(forbidden(&format!("edata.extra.{}", word.to_uppercase())).is_some(), "{word}");
        }
    }

    #[test]
    fn spellings_of_secrets_are_known() {
        for key in [
            "password",
            "edata.newPassword",
            "user_password",
            "Set-Cookie",
            "card_number",
            "$geoip_latitude",
            "X-Auth-Token",
            "aadhaar_number",
            "OTP",
            "cvv_2",
            "access_token",
            "props.pan_no",
        ] {
            assert!(forbidden(key).is_some(), "{key}");
        }
    }

    #[test]
    fn harmless_neighbours_stay() {
        for key in [
            "pincode",
            "edata.pass",
            "pan",
            "token_count",
            "cookie_consent",
            "password_strength",
            "spin",
            "pageid",
            "context.pdata.id",
            "hotspot",
            "passed",
            "secretary",
            "plate",
            "late",
            "company",
            "otp_sent_count",
            "id",
            "",
        ] {
            assert_eq!(forbidden(key), None, "{key}");
        }
    }
}
