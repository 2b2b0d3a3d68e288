// Made from policy/levels.toml by `cargo xtask policy`; do not edit.

use super::Level;

pub(super) const POLICY_VERSION: u32 = 1;

pub(super) const CUSTOM: Level = Level::Enhanced;

#[rustfmt::skip]
pub(super) const EVENTS: &[(&str, Level)] = &[
    ("$$client_ingestion_warning", Level::Basic),
    ("$$heatmap", Level::Enhanced),
    ("$autocapture", Level::Enhanced),
    ("$copy_autocapture", Level::Full),
    ("$create_alias", Level::Enhanced),
    ("$csp_violation", Level::Security),
    ("$dead_click", Level::Enhanced),
    ("$exception", Level::Basic),
    ("$feature_enrollment_update", Level::Enhanced),
    ("$feature_flag_called", Level::Basic),
    ("$groupidentify", Level::Enhanced),
    ("$identify", Level::Enhanced),
    ("$level_changed", Level::Security),
    ("$merge_dangerously", Level::Enhanced),
    ("$opt_in", Level::Security),
    ("$opt_out", Level::Security),
    ("$pageleave", Level::Basic),
    ("$pageview", Level::Basic),
    ("$performance_event", Level::Full),
    ("$rageclick", Level::Enhanced),
    ("$screen", Level::Basic),
    ("$set", Level::Enhanced),
    ("$set_once", Level::Enhanced),
    ("$snapshot", Level::Full),
    ("$unset", Level::Enhanced),
    ("$web_vitals", Level::Basic),
    ("ASSESS", Level::Enhanced),
    ("AUDIT", Level::Enhanced),
    ("Application Backgrounded", Level::Basic),
    ("Application Became Active", Level::Basic),
    ("Application Installed", Level::Basic),
    ("Application Opened", Level::Basic),
    ("Application Updated", Level::Basic),
    ("END", Level::Basic),
    ("ERROR", Level::Basic),
    ("EXDATA", Level::Full),
    ("FEEDBACK", Level::Basic),
    ("HEARTBEAT", Level::Basic),
    ("IMPRESSION", Level::Basic),
    ("INTERACT", Level::Enhanced),
    ("INTERRUPT", Level::Enhanced),
    ("LOG", Level::Enhanced),
    ("METRICS", Level::Basic),
    ("RESPONSE", Level::Enhanced),
    ("SEARCH", Level::Basic),
    ("SHARE", Level::Enhanced),
    ("SHARE_ITEM", Level::Enhanced),
    ("START", Level::Basic),
    ("SUMMARY", Level::Basic),
    ("survey abandoned", Level::Basic),
    ("survey dismissed", Level::Basic),
    ("survey sent", Level::Basic),
    ("survey shown", Level::Basic),
    ("tm.heat", Level::Enhanced),
];

#[rustfmt::skip]
pub(super) const PREFIXES: &[(&str, Level)] = &[
    ("$ai_", Level::Basic),
];
