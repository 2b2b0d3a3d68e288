//! Rebuilds when the embedded page or SDK was built anew.

fn main() {
    for folder in ["../../ui/dist", "../../sdk/dist"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
