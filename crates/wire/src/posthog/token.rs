//! Tokens: the public key of a project, as SDKs send it.

/// Whether a text can be a project token: 1 to 64 ASCII characters without NUL, and not a personal key.
pub fn is_token(token: &str) -> bool {
    let sized = (1..=64).contains(&token.len());
    sized && token.bytes().all(|byte| byte.is_ascii() && byte != 0) && !token.starts_with("phx_")
}

/// The one token of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OneToken {
    None,
    One(String),
    Several,
}

/// Reduces the tokens that a request's events name to one.
pub(super) fn one_of<'a>(tokens: impl Iterator<Item = &'a str>) -> OneToken {
    let mut one: Option<&str> = None;
    for token in tokens {
        match one {
            None => one = Some(token),
            Some(other) if other == token => {}
            Some(_) => return OneToken::Several,
        }
    }
    one.map_or(OneToken::None, |token| OneToken::One(token.to_owned()))
}
