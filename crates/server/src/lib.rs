//! The outside: HTTP, auth, settings, clock, jobs, embedded UI, and the binary telemetry.
