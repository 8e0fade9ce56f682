//! stub
/// stub
#[derive(Default)]
pub struct TextOptions {}
/// stub
pub fn text(_: &crate::plan::Plan, _: &TextOptions) -> String {
    String::new()
}
