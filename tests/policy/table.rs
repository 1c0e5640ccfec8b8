//! The table of permissions has a row for each operation that the source declares, and no other.

use patchline::engine::gateway::policy::PERMISSIONS;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The name of the action of all tools of third parties, which are declared by them.
const OF_THIRD_PARTIES: &str = "call_third_party_tool";

fn declared(folder: &Path, found: &mut BTreeSet<String>) {
    const BEGIN: &str = "const NAME: &'static str = \"";
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            declared(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let code = fs::read_to_string(&path).expect("a file of the source");
            let names = code.split(BEGIN).skip(1).filter_map(|rest| rest.split('"').next());
            found.extend(names.map(str::to_owned));
            found.extend(of_pages(&code).map(str::to_owned));
        }
    }
}

/// What a macro makes an operation of: `ViewMarket, "view_market" => IdentifyGenreTrends;`.
fn of_pages(code: &str) -> impl Iterator<Item = &str> {
    let rows = code.split("\nof_pages! {").nth(1).unwrap_or_default().lines();
    rows.filter(|row| row.contains("\" => ")).filter_map(|row| row.split('"').nth(1))
}

#[test]
fn each_operation_has_one_row() {
    let mut operations = BTreeSet::new();
    declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine"), &mut operations);
    assert!(operations.len() > 40, "{operations:?}");
    let rows: Vec<_> = PERMISSIONS.iter().map(|row| row.operation.to_owned()).collect();
    let distinct: BTreeSet<_> = rows.iter().cloned().collect();
    assert_eq!(rows.len(), distinct.len(), "a row is there twice");
    let without_row: Vec<_> = operations.difference(&distinct).collect();
    assert!(without_row.is_empty(), "say in PERMISSIONS who may use {without_row:?}");
    let without_operation: Vec<_> =
        distinct.difference(&operations).filter(|name| *name != OF_THIRD_PARTIES).collect();
    assert!(without_operation.is_empty(), "there is no operation {without_operation:?}");
}
