//! tmp
use xat_infra::*;
fn main() {
    let g =
        graph::build(xat_stacks::internal::stack(&xat_stacks::internal::Environment::production()))
            .unwrap_or_else(|p| panic!("{p:#?}"));
    for d in lint::lint(&g) {
        println!("{d}");
    }
    let e = live::Estate::read(std::path::Path::new("stacks/estates/xat-internal.live.json"))
        .unwrap_or_else(|p| panic!("{p:#?}"));
    let s = state::State::load(std::path::Path::new("stacks/estates/xat-internal.state.json"))
        .unwrap_or_else(|p| panic!("{p:#?}"));
    let p = plan::plan(&g, &e, &s, &plan::Options::default()).unwrap_or_else(|p| panic!("{p:#?}"));
    print!("{}", report::to_text(&p, &report::Options::default()));
}
