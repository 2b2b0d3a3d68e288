//! What people configure: projects, keys, members, dashboards, saved insights.
