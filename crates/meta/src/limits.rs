//! How long names and texts may be. Everything from outside has a limit.

use crate::MetaError;

/// Characters of a name (project, member, key, insight, dashboard, organisation).
pub const NAME_CHARS_MAX: usize = 200;
/// Characters of a description.
pub const DESCRIPTION_CHARS_MAX: usize = 2_000;
/// Bytes of a saved question as compact JSON.
pub const QUESTION_BYTES_MAX: usize = 64 * 1024;
/// Characters of an email address (RFC 5321: 254 octets).
const EMAIL_CHARS_MAX: usize = 254;
/// Characters of a key or a password hash in PHC form; generous.
const OPAQUE_CHARS_MAX: usize = 1_000;

/// A name: trimmed, 1 to 200 characters, no control characters.
pub(crate) fn name(field: &'static str, text: &str) -> Result<String, MetaError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(MetaError::invalid(field, "must not be empty"));
    }
    if text.chars().count() > NAME_CHARS_MAX {
        return Err(MetaError::invalid(field, format!("must not be longer than {NAME_CHARS_MAX} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(MetaError::invalid(field, "must not contain control characters"));
    }
    Ok(text.to_owned())
}

/// A description: trimmed, at most 2 000 characters; new lines are fine, it may be empty.
pub(crate) fn description(text: &str) -> Result<String, MetaError> {
    let text = text.trim();
    if text.chars().count() > DESCRIPTION_CHARS_MAX {
        let message = format!("must not be longer than {DESCRIPTION_CHARS_MAX} characters");
        return Err(MetaError::invalid("description", message));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r') {
        return Err(MetaError::invalid("description", "must not contain control characters"));
    }
    Ok(text.to_owned())
}

/// An email address: as written (trimmed), and the form in which it is unique.
///
/// Only what can never be an address is refused; whether it exists shows when somebody logs in.
pub(crate) fn email(text: &str) -> Result<(String, String), MetaError> {
    let text = text.trim();
    let well_formed = text
        .rsplit_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !local.contains('@'));
    if !well_formed || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(MetaError::invalid("email", "must be an email address such as name@example.org"));
    }
    if text.chars().count() > EMAIL_CHARS_MAX {
        return Err(MetaError::invalid("email", format!("must not be longer than {EMAIL_CHARS_MAX} characters")));
    }
    Ok((text.to_owned(), email_key(text)))
}

/// The form in which an email address is unique.
pub(crate) fn email_key(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A key, prefix or password hash that the caller made or takes from a setting: not empty, no spaces, not endless.
pub(crate) fn opaque<'a>(field: &'static str, text: &'a str) -> Result<&'a str, MetaError> {
    if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(MetaError::invalid(field, "must be one word without spaces"));
    }
    if text.chars().count() > OPAQUE_CHARS_MAX {
        return Err(MetaError::invalid(field, format!("must not be longer than {OPAQUE_CHARS_MAX} characters")));
    }
    Ok(text)
}
