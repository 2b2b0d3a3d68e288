//! Files that no manifest names.

use super::{Check, Severity};
use crate::StoreError;
use crate::manifest::Manifest;
use crate::segment::format;
use crate::{failed, open, outcomes, persons};
use model::ProjectId;
use std::collections::HashSet;

impl Check<'_> {
    pub fn orphans(&mut self, manifest: &Manifest) -> Result<(), StoreError> {
        let mut live = HashSet::from([outcomes::path_of(self.dir, manifest.outcomes)]);
        for (id, files) in &manifest.projects {
            let project = ProjectId(*id);
            for entry in &files.segments {
                let path = format::path_of(self.dir, project, entry.day, entry.number);
                live.insert(path.with_extension("ids"));
                live.insert(path);
            }
            live.extend(files.failed.iter().map(|file| failed::path_of(self.dir, project, file.day)));
            live.insert(persons::log::path_of(self.dir, project));
        }
        for folder in ["segments", "failed", "outcomes", "persons"] {
            for path in open::files_below(&**self.disk, &self.dir.join(folder))? {
                if !live.contains(&path) {
                    let detail = "no manifest names it: left by a flush or merge that did not end; a start removes it";
                    self.find(Severity::Note, &path, None, detail);
                }
            }
        }
        Ok(())
    }
}
