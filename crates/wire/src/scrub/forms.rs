//! Forms of forbidden values inside text: one pass over the bytes, no regular expressions, no allocation without a hit.

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A payment card: known issuer prefix and length, Luhn digit right.
    Card,
    /// Twelve digits from 2 to 9, Verhoeff digit right.
    Aadhaar,
    /// `AAAPA9999A` with a known kind of holder in fourth place.
    Pan,
    /// `name@handle` with the handle of a payment app or bank.
    Upi,
    /// A JSON web token, or what follows `Bearer`.
    Token,
    /// The value of a URL parameter that names a secret.
    Secret,
}

/// All findings in a text, in order, apart from each other: start, end (bytes), form.
pub(super) fn find(text: &str) -> Vec<(usize, usize, Form)> {
    let bytes = text.as_bytes();
    let mut found: Vec<(usize, usize, Form)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let hit = match bytes[at] {
            b'0'..=b'9' => {
                let hit = at_digits(bytes, at);
                if hit.is_none() {
                    at = digits_end(bytes, at);
                    continue;
                }
                hit
            }
            b'@' => at_sign(bytes, at),
            b'e' if bytes[at..].starts_with(b"eyJ") => json_web_token(bytes, at),
            b'B' | b'b' => bearer(bytes, at),
            b'=' => secret_parameter(text, at),
            _ => None,
        };
        match hit {
            // A finding that begins inside the one before it is part of it.
            Some((start, end, form)) if found.last().is_none_or(|(_, last_end, _)| start >= *last_end) => {
                found.push((start, end, form));
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

/// The form that a whole text has, if it has one.
pub(super) fn whole(text: &str) -> Option<Form> {
    match find(text).as_slice() {
        [(0, end, form)] if *end == text.len() => Some(*form),
        _ => None,
    }
}

/// The form of a JSON number that is whole and has the digits of a card or an Aadhaar number.
pub(super) fn in_number(number: f64) -> Option<Form> {
    // A cast of a float saturates; beyond 2^53 its last digits are not those that were sent.
    if number.fract() == 0.0 && number >= 0.0 { in_integer(number as u64) } else { None }
}

/// The same for an exact integer.
pub(super) fn in_integer(number: u64) -> Option<Form> {
    let mut digits = [0u8; 20];
    let mut left = number;
    let mut start = digits.len();
    while left > 0 {
        start -= 1;
        digits[start] = (left % 10) as u8;
        left /= 10;
    }
    of_digits(&digits[start..])
}

fn of_digits(digits: &[u8]) -> Option<Form> {
    if is_aadhaar(digits) {
        Some(Form::Aadhaar)
    } else if is_card(digits) {
        Some(Form::Card)
    } else {
        None
    }
}

fn digits_end(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len() - at)
}

/// Letters of any script are bytes from 0x80 on in part; only ASCII ones make a longer word of digits.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a run of digits may begin here: not inside a word, nor behind a dash inside a uuid or another code.
fn begins(bytes: &[u8], at: usize) -> bool {
    match at.checked_sub(1).map(|before| bytes[before]) {
        None => true,
        Some(b'-') => !at.checked_sub(2).is_some_and(|before| bytes[before].is_ascii_hexdigit()),
        Some(b'.') => !at.checked_sub(2).is_some_and(|before| bytes[before].is_ascii_digit()),
        Some(before) => !is_word(before),
    }
}

/// Whether a run of digits may end here: not inside a word, nor before a fraction.
fn ends(bytes: &[u8], end: usize) -> bool {
    match bytes.get(end) {
        None => true,
        Some(b'.') => !bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
        Some(b'-') => !bytes.get(end + 1).is_some_and(u8::is_ascii_hexdigit),
        Some(after) => !is_word(*after),
    }
}

/// Most digits of a card.
const DIGITS_MAX: usize = 19;
/// Cards are written in at most five groups.
const GROUPS_MAX: usize = 5;

fn at_digits(bytes: &[u8], at: usize) -> Option<(usize, usize, Form)> {
    let first_end = digits_end(bytes, at);
    if first_end - at == 4
        && let Some(hit) = pan(bytes, at)
    {
        return Some(hit);
    }
    if !begins(bytes, at) {
        return None;
    }
    let mut digits = [0u8; DIGITS_MAX];
    let (mut len, mut groups, mut end) = (0, [0usize; GROUPS_MAX], at);
    let mut best = None;
    for group in 0..GROUPS_MAX {
        let group_end = digits_end(bytes, end);
        groups[group] = group_end - end;
        if len + groups[group] > DIGITS_MAX {
            break;
        }
        for byte in &bytes[end..group_end] {
            digits[len] = byte - b'0';
            len += 1;
        }
        if grouping_is_usual(&groups[..=group])
            && ends(bytes, group_end)
            && let Some(form) = of_digits(&digits[..len])
        {
            best = Some((at, group_end, form));
        }
        let separated = matches!(bytes.get(group_end), Some(b' ' | b'-'))
            && bytes.get(group_end + 1).is_some_and(u8::is_ascii_digit);
        if !separated {
            break;
        }
        end = group_end + 1;
    }
    best
}

/// In one piece; in fours with a shorter rest (cards, Aadhaar); 4-6-4 and 4-6-5 (Diners, Amex).
fn grouping_is_usual(groups: &[usize]) -> bool {
    match groups {
        [_] => true,
        [4, 6, 4 | 5] => true,
        [fours @ .., last] => fours.iter().all(|len| *len == 4) && (1..=4).contains(last),
        [] => false,
    }
}

/// Five capitals before the four digits at `at`, one behind.
fn pan(bytes: &[u8], at: usize) -> Option<(usize, usize, Form)> {
    let start = at.checked_sub(5)?;
    let letters = &bytes[start..at];
    let end = at + 5;
    let right = letters.iter().all(u8::is_ascii_uppercase)
        && matches!(letters[3], b'A' | b'B' | b'C' | b'F' | b'G' | b'H' | b'J' | b'L' | b'P' | b'T')
        && bytes.get(at + 4).is_some_and(u8::is_ascii_uppercase)
        && !start.checked_sub(1).is_some_and(|before| is_word(bytes[before]))
        && !bytes.get(end).is_some_and(|after| is_word(*after));
    right.then_some((start, end, Form::Pan))
}

/// Issuers by prefix and the lengths that they use: Visa, Mastercard, RuPay, Amex, Diners, Discover, JCB, UnionPay,
/// Maestro. No prefix begins with 1, so milliseconds and microseconds since 1970 are never cards.
fn is_card(digits: &[u8]) -> bool {
    if !(13..=DIGITS_MAX).contains(&digits.len()) {
        return false;
    }
    let prefix = |count: usize| digits[..count].iter().fold(0u32, |value, digit| value * 10 + u32::from(*digit));
    let (two, three, four) = (prefix(2), prefix(3), prefix(4));
    let known = match digits.len() {
        13 | 19 if digits[0] == 4 => true,
        14 => matches!(three, 300..=305 | 309) || matches!(two, 36 | 38 | 39),
        15 => matches!(two, 34 | 37),
        16 => {
            digits[0] == 4
                || matches!(two, 51..=55 | 60 | 62 | 65 | 81 | 82)
                || matches!(three, 353 | 356 | 508 | 644..=649)
                || matches!(four, 2221..=2720 | 3528..=3589 | 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763)
        }
        17..=19 => two == 62,
        _ => false,
    };
    known && luhn(digits)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit) * 2) {
            (0, _) => u32::from(*digit),
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_aadhaar(digits: &[u8]) -> bool {
    // One digit throughout is a placeholder; some of them check out.
    digits.len() == 12 && digits[0] >= 2 && digits.iter().any(|digit| *digit != digits[0]) && verhoeff(digits)
}

fn verhoeff(digits: &[u8]) -> bool {
    const PRODUCT: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const PERMUTATION: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let check = digits.iter().rev().enumerate().fold(0u8, |check, (place, digit)| {
        PRODUCT[usize::from(check)][usize::from(PERMUTATION[place % 8][usize::from(*digit)])]
    });
    check == 0
}

/// Handles of payment apps and banks, in byte order.
const UPI_HANDLES: [&str; 66] = [
    "abfspay",
    "airtel",
    "airtelpaymentsbank",
    "allbank",
    "apl",
    "aubank",
    "axisb",
    "axisbank",
    "axisgo",
    "axl",
    "barodampay",
    "boi",
    "cbin",
    "cnrb",
    "cub",
    "dbs",
    "dlb",
    "equitas",
    "fbl",
    "federal",
    "freecharge",
    "goaxb",
    "hdfcbank",
    "hsbc",
    "ibl",
    "icici",
    "idbi",
    "idfcbank",
    "ikwik",
    "indianbank",
    "indus",
    "jupiteraxis",
    "kbl",
    "kotak",
    "kvb",
    "mahb",
    "naviaxis",
    "okaxis",
    "okhdfcbank",
    "okicici",
    "oksbi",
    "paytm",
    "pingpay",
    "pnb",
    "postbank",
    "psb",
    "ptaxis",
    "pthdfc",
    "ptsbi",
    "ptyes",
    "rapl",
    "rbl",
    "sbi",
    "sib",
    "slice",
    "superyes",
    "tapicici",
    "uboi",
    "uco",
    "unionbank",
    "upi",
    "waaxis",
    "wahdfcbank",
    "waicici",
    "yapl",
    "ybl",
];

/// Name before, handle behind. A dot or a dash behind the handle makes it a domain, hence an e-mail.
fn at_sign(bytes: &[u8], at: usize) -> Option<(usize, usize, Form)> {
    const NAME_BYTES_MAX: usize = 256;
    const HANDLE_BYTES_MAX: usize = 20;
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let name = bytes[..at].iter().rev().take(NAME_BYTES_MAX).take_while(|byte| in_name(byte)).count();
    let handle = bytes[at + 1..].iter().take(HANDLE_BYTES_MAX).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if name < 2 || handle < 2 {
        return None;
    }
    let end = at + 1 + handle;
    let domain = match bytes.get(end) {
        Some(b'.') => bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric),
        Some(after) => is_word(*after) || matches!(after, b'-' | b'@'),
        None => false,
    };
    let lower = bytes[at + 1..end].to_ascii_lowercase();
    let known = !domain && UPI_HANDLES.binary_search_by(|handle| handle.as_bytes().cmp(&lower)).is_ok();
    known.then_some((at - name, end, Form::Upi))
}

fn is_base64url(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Three parts joined by dots, the first beginning as the base64 of `{"`.
fn json_web_token(bytes: &[u8], at: usize) -> Option<(usize, usize, Form)> {
    const PART_BYTES_MIN: usize = 6;
    // Begins only where such a part can begin, so that no byte is looked at from many beginnings.
    if at.checked_sub(1).is_some_and(|before| is_base64url(&bytes[before])) {
        return None;
    }
    let part = |from: usize| bytes[from..].iter().take_while(|byte| is_base64url(byte)).count();
    let header_end = at + part(at);
    if header_end - at < PART_BYTES_MIN || bytes.get(header_end) != Some(&b'.') {
        return None;
    }
    let payload = part(header_end + 1);
    let payload_end = header_end + 1 + payload;
    if payload < PART_BYTES_MIN || bytes.get(payload_end) != Some(&b'.') {
        return None;
    }
    Some((at, payload_end + 1 + part(payload_end + 1), Form::Token))
}

/// `Bearer` in any case and a long word behind it; the word is found.
fn bearer(bytes: &[u8], at: usize) -> Option<(usize, usize, Form)> {
    const TOKEN_BYTES_MIN: usize = 16;
    let word = bytes.get(at..at + 6)?;
    if !word.eq_ignore_ascii_case(b"bearer") {
        return None;
    }
    let spaces = bytes[at + 6..].iter().take_while(|byte| matches!(byte, b' ' | b':')).count();
    if spaces == 0 {
        return None;
    }
    let start = at + 6 + spaces;
    let in_token = |byte: &u8| is_base64url(byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'=');
    let token = bytes[start..].iter().take_while(|byte| in_token(byte)).count();
    (token >= TOKEN_BYTES_MIN).then_some((start, start + token, Form::Token))
}

/// The value behind `?name=`, `&name=`, `;name=` or `#name=` where the name is on the list of secrets.
fn secret_parameter(text: &str, at: usize) -> Option<(usize, usize, Form)> {
    const NAME_BYTES_MAX: usize = 40;
    let bytes = text.as_bytes();
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let name = bytes[..at].iter().rev().take(NAME_BYTES_MAX).take_while(|byte| in_name(byte)).count();
    let opener = (at - name).checked_sub(1).map(|before| bytes[before])?;
    if name < 3 || !matches!(opener, b'?' | b'&' | b';' | b'#') {
        return None;
    }
    if super::keys::forbidden(&text[at - name..at]) != Some(super::keys::SECRET) {
        return None;
    }
    let in_value = |byte: &&u8| !matches!(byte, b'&' | b'#' | b';' | b'"' | b'\\') && !byte.is_ascii_whitespace();
    let value = bytes[at + 1..].iter().take_while(in_value).count();
    (value > 0).then_some((at + 1, at + 1 + value, Form::Secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<(&str, Form)> {
        find(text).into_iter().map(|(start, end, form)| (&text[start..end], form)).collect()
    }

    #[test]
    fn the_handles_are_sorted_for_the_search() {
        assert!(UPI_HANDLES.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn check_digits_follow_the_published_vectors() {
        assert!(verhoeff(&[2, 3, 6, 3]));
        assert!(!verhoeff(&[2, 3, 6, 4]));
        assert!(verhoeff(&[1, 2, 3, 4, 5, 1]));
        assert!(luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3]));
        assert!(!luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 0]));
    }

    #[test]
    fn every_single_wrong_digit_and_swap_is_caught() {
        let right = [2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2];
        let check = (0..10).find(|check| verhoeff(&[&right[..], &[*check]].concat())).expect("one digit fits");
        let whole = [&right[..], &[check]].concat();
        for place in 0..12 {
            for digit in 0..10u8 {
                let mut wrong = whole.clone();
                wrong[place] = digit;
                assert_eq!(verhoeff(&wrong), digit == whole[place]);
            }
            if place > 0 && whole[place] != whole[place - 1] {
                let mut swapped = whole.clone();
                swapped.swap(place, place - 1);
                assert!(!verhoeff(&swapped));
            }
        }
    }

    #[test]
    fn cards_are_found_in_their_usual_spellings() {
        for card in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "5555555555554444",
            "2223003122003222",
            "378282246310005",
            "3782 822463 10005",
            "30569309025904",
            "6011111111111117",
            "3530111333300000",
            "6521111111111110",
            "4222222222222",
        ] {
            assert_eq!(forms(card), [(card, Form::Card)], "{card}");
            let inside = format!("paid with {card}, thanks");
            assert_eq!(forms(&inside), [(card, Form::Card)], "{inside}");
        }
    }

    #[test]
    fn times_ids_and_wrong_digits_are_not_cards() {
        for text in [
            "4111111111111112",
            "1767582000000",
            "1767582000000000",
            "1767582000000000000",
            "do_31278936418406400012",
            "7f3b1c0e-9a4d-4111-8111-411111111111",
            "0.4111111111111111",
            "4111111111111111.5",
            "98765 43210",
            "2026-11-23 10:15:00",
            "+91 98765 43210",
            "v4111111111111111",
        ] {
            assert_eq!(forms(text), [], "{text}");
        }
    }

    #[test]
    fn aadhaar_numbers_are_found_and_others_are_not() {
        // Made up; the last digit is computed.
        let body = [9, 9, 9, 9, 4, 1, 0, 5, 7, 0, 5];
        let check = (0..10u8).find(|check| verhoeff(&[&body[..], &[*check]].concat())).expect("one digit fits");
        let plain = format!("99994105705{check}");
        let spaced = format!("9999 4105 705{check}");
        assert_eq!(forms(&plain), [(plain.as_str(), Form::Aadhaar)]);
        assert_eq!(forms(&format!("no. {spaced}.")), [(spaced.as_str(), Form::Aadhaar)]);
        assert_eq!(forms(&spaced.replace(' ', "-")).len(), 1);
        assert_eq!(forms(&format!("99994105705{}", (check + 1) % 10)), []);
        assert_eq!(forms("199941057058"), []);
        assert_eq!(in_number(plain.parse().expect("digits")), Some(Form::Aadhaar));
    }

    #[test]
    fn pan_upi_and_tokens_are_found() {
        assert_eq!(forms("pan ABCPE1234F ok"), [("ABCPE1234F", Form::Pan)]);
        assert_eq!(forms("ABCDE1234F"), []);
        assert_eq!(forms("XABCPE1234F"), []);
        assert_eq!(forms("pay asha.k-1@oksbi now"), [("asha.k-1@oksbi", Form::Upi)]);
        assert_eq!(forms("9876543210@ybl"), [("9876543210@ybl", Form::Upi)]);
        for mail in ["asha@gmail.com", "asha@sbi.co.in", "asha@upi-test.in", "@ybl", "asha@unknown"] {
            assert_eq!(forms(mail), [], "{mail}");
        }
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
        assert_eq!(forms(&format!("x {token} y")), [(token, Form::Token)]);
        assert_eq!(forms("Authorization: Bearer abcdef0123456789xyz"), [("abcdef0123456789xyz", Form::Token)]);
        assert_eq!(forms("the bearer of good news arrives"), []);
    }

    #[test]
    fn secret_parameters_of_urls_are_found() {
        let url = "https://x.example/reset?user=7&otp=123456&next=/home#access_token=abc";
        assert_eq!(forms(url), [("123456", Form::Secret), ("abc", Form::Secret)]);
        assert_eq!(forms("https://x.example/?pincode=171001&page=otp"), []);
    }

    #[test]
    fn no_text_takes_more_than_linear_time() {
        for piece in
            ["bearer", "bearer ", "eyJ-", "eyJaaaa.", "?lat=", "?otp=;", "a@", "1 ", "4111-", "@ybl", "=&", "ABCPE1"]
        {
            let text = piece.repeat((1 << 20) / piece.len());
            let started = std::time::Instant::now();
            find(&text);
            assert!(started.elapsed().as_millis() < 1_000, "{piece:?}: {:?}", started.elapsed());
        }
    }
}
