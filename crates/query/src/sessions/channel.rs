//! The channel a session came by, from the first of its events that says anything about it.
//!
//! Pure: texts in, a name out. Rules and their order: docs/semantics/sessions.md, "Channel".

/// Grows with every change of [`SOURCES`] or [`MEDIA`].
pub(crate) const VERSION: u32 = 1;

/// The channel of a session that says nothing.
pub(crate) const UNKNOWN: &str = "Unknown";

/// What an event says about where its session came from. Lower case; never empty and never `null`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hints<'a> {
    pub(crate) domain: Option<&'a str>,
    pub(crate) source: Option<&'a str>,
    pub(crate) medium: Option<&'a str>,
    pub(crate) campaign: Option<&'a str>,
    pub(crate) gclid: bool,
    pub(crate) gad_source: Option<&'a str>,
    pub(crate) fbclid: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Search,
    Shopping,
    Social,
    Video,
    Email,
    Affiliate,
    Audio,
    Sms,
    Ai,
    Push,
}

use Kind::{Affiliate, Ai, Audio, Email, Push, Search, Shopping, Sms, Social, Video};

/// Names of sources, and their domains. A name without a dot is the source itself or a label of a domain before the last;
/// one with a dot is that domain and all below it.
const SOURCES: &[(&str, Kind)] = &[
    ("google", Search),
    ("bing", Search),
    ("duckduckgo", Search),
    ("yahoo", Search),
    ("baidu", Search),
    ("yandex", Search),
    ("ecosia", Search),
    ("startpage", Search),
    ("qwant", Search),
    ("brave", Search),
    ("naver", Search),
    ("ask.com", Search),
    ("amazon", Shopping),
    ("flipkart", Shopping),
    ("ebay", Shopping),
    ("etsy", Shopping),
    ("meesho", Shopping),
    ("facebook", Social),
    ("fb", Social),
    ("messenger", Social),
    ("instagram", Social),
    ("ig", Social),
    ("twitter", Social),
    ("x.com", Social),
    ("t.co", Social),
    ("linkedin", Social),
    ("lnkd.in", Social),
    ("whatsapp", Social),
    ("wa.me", Social),
    ("telegram", Social),
    ("t.me", Social),
    ("koo", Social),
    ("sharechat", Social),
    ("pinterest", Social),
    ("reddit", Social),
    ("quora", Social),
    ("snapchat", Social),
    ("threads.net", Social),
    ("bsky.app", Social),
    ("mastodon.social", Social),
    ("youtube", Video),
    ("youtu.be", Video),
    ("vimeo", Video),
    ("dailymotion", Video),
    ("tiktok", Video),
    ("twitch", Video),
    ("gmail", Email),
    ("mail.google.com", Email),
    ("outlook", Email),
    ("spotify", Audio),
    ("gaana", Audio),
    ("jiosaavn", Audio),
    ("chatgpt", Ai),
    ("openai", Ai),
    ("claude.ai", Ai),
    ("perplexity", Ai),
    ("gemini.google.com", Ai),
    ("copilot.microsoft.com", Ai),
];

/// What a medium says; behind `paid` and a separator it says the same, paid.
const MEDIA: &[(&str, Kind)] = &[
    ("search", Search),
    ("organic", Search),
    ("shopping", Shopping),
    ("social", Social),
    ("social-network", Social),
    ("social-media", Social),
    ("sm", Social),
    ("social network", Social),
    ("social media", Social),
    ("video", Video),
    ("email", Email),
    ("e-mail", Email),
    ("e_mail", Email),
    ("e mail", Email),
    ("newsletter", Email),
    ("affiliate", Affiliate),
    ("audio", Audio),
    ("sms", Sms),
    ("push", Push),
    ("mobile", Push),
    ("notification", Push),
];

/// Media that are paid for.
const PAID: [&str; 6] = ["cpc", "cpm", "cpv", "cpa", "ppc", "retargeting"];

/// The name of the channel.
pub(crate) fn channel(hints: &Hints<'_>) -> &'static str {
    let campaign = hints.campaign.unwrap_or_default();
    if campaign.contains("cross-network") {
        return "Cross Network";
    }
    let medium = hints.medium.unwrap_or_default();
    let is_paid = PAID.contains(&medium) || medium.starts_with("paid") || hints.gclid || hints.gad_source.is_some();
    if is_paid { paid(hints, campaign, medium) } else { unpaid(hints, campaign, medium) }
}

fn paid(hints: &Hints<'_>, campaign: &str, medium: &str) -> &'static str {
    let name = |kind| match kind {
        Search => Some("Paid Search"),
        Shopping => Some("Paid Shopping"),
        Social => Some("Paid Social"),
        Video => Some("Paid Video"),
        _ => None,
    };
    let of_medium = medium.strip_prefix("paid").map(|rest| rest.trim_start_matches(['-', '_', ' ']));
    hints
        .source
        .and_then(of_source)
        .and_then(name)
        .or_else(|| looks_like_shopping(campaign).then_some("Paid Shopping"))
        .or_else(|| of_medium.and_then(kind_of_medium).and_then(name))
        .or_else(|| hints.domain.and_then(of_domain).and_then(name))
        .or_else(|| (hints.gad_source == Some("1")).then_some("Paid Search"))
        .or_else(|| campaign.contains("video").then_some("Paid Video"))
        .or_else(|| hints.fbclid.then_some("Paid Social"))
        .unwrap_or("Paid Unknown")
}

fn unpaid(hints: &Hints<'_>, campaign: &str, medium: &str) -> &'static str {
    let name = |kind| match kind {
        Search => "Organic Search",
        Shopping => "Organic Shopping",
        Social => "Organic Social",
        Video => "Organic Video",
        Email => "Email",
        Affiliate => "Affiliate",
        Audio => "Audio",
        Sms => "SMS",
        Ai => "AI",
        Push => "Push",
    };
    let direct = hints.domain == Some("$direct");
    let no_source = hints.source.is_none_or(|source| ["(direct)", "direct", "$direct"].contains(&source));
    if direct && medium.is_empty() && no_source && !hints.fbclid {
        return "Direct";
    }
    hints
        .source
        .and_then(of_source)
        .map(name)
        .or_else(|| looks_like_shopping(campaign).then_some("Organic Shopping"))
        .or_else(|| kind_of_medium(medium).map(name))
        .or_else(|| hints.domain.and_then(of_domain).map(name))
        .or_else(|| campaign.contains("video").then_some("Organic Video"))
        .or_else(|| medium.ends_with("push").then_some("Push"))
        .or_else(|| hints.fbclid.then_some("Organic Social"))
        .or_else(|| direct.then_some("Direct"))
        .or_else(|| hints.domain.map(|_| "Referral"))
        .unwrap_or(UNKNOWN)
}

/// A source is named, or is a domain.
fn of_source(source: &str) -> Option<Kind> {
    let named = SOURCES.iter().find(|(name, _)| *name == source).map(|(_, kind)| *kind);
    named.or_else(|| if source.contains('.') { of_domain(source) } else { None })
}

/// The longest entry that fits wins: mail.google.com is not a search engine.
fn of_domain(domain: &str) -> Option<Kind> {
    let fits = |name: &str| {
        if name.contains('.') {
            return domain.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        }
        domain.rsplit('.').skip(1).any(|label| label == name)
    };
    SOURCES.iter().filter(|(name, _)| fits(name)).max_by_key(|(name, _)| name.len()).map(|(_, kind)| *kind)
}

fn kind_of_medium(medium: &str) -> Option<Kind> {
    MEDIA.iter().find(|(name, _)| *name == medium).map(|(_, kind)| *kind)
}

/// `(^|[^a-df-z])shop|shopping`: a shop, but no bishop and no workshop.
fn looks_like_shopping(campaign: &str) -> bool {
    let stands_free = |at: usize| {
        let before = campaign[..at].chars().next_back();
        before.is_none_or(|letter| !letter.is_ascii_lowercase() || letter == 'e')
    };
    campaign.contains("shopping") || campaign.match_indices("shop").any(|(at, _)| stands_free(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_in_its_order() {
        let none = Hints::default();
        let from = |domain| Hints { domain: Some(domain), ..none };
        let of = |medium, source| Hints { medium: Some(medium), source: Some(source), ..none };
        let cases = [
            (Hints { campaign: Some("a cross-network b"), gclid: true, ..none }, "Cross Network"),
            (of("cpc", "google"), "Paid Search"),
            (of("paid_social", "somebody"), "Paid Social"),
            (of("cpc", "somebody"), "Paid Unknown"),
            (Hints { gad_source: Some("1"), ..none }, "Paid Search"),
            (Hints { gad_source: Some("2"), fbclid: true, ..none }, "Paid Social"),
            (Hints { gclid: true, campaign: Some("eshop"), ..none }, "Paid Shopping"),
            (Hints { gclid: true, campaign: Some("new video"), ..none }, "Paid Video"),
            (from("$direct"), "Direct"),
            (Hints { source: Some("(direct)"), ..from("$direct") }, "Direct"),
            (Hints { fbclid: true, ..from("$direct") }, "Organic Social"),
            (Hints { medium: Some("other"), ..from("$direct") }, "Direct"),
            (from("www.google.co.in"), "Organic Search"),
            (from("mail.google.com"), "Email"),
            (from("m.facebook.com"), "Organic Social"),
            (from("t.co"), "Organic Social"),
            (from("not-t.co"), "Referral"),
            (from("chatgpt.com"), "AI"),
            (from("school.example"), "Referral"),
            (of("email", "somebody"), "Email"),
            (of("web-push", "somebody"), "Push"),
            (of("sms", "somebody"), "SMS"),
            (Hints { campaign: Some("workshop"), ..none }, "Unknown"),
            (Hints { campaign: Some("the shop"), ..none }, "Organic Shopping"),
            (none, "Unknown"),
        ];
        for (hints, expected) in cases {
            assert_eq!(channel(&hints), expected, "{hints:?}");
        }
    }
}
