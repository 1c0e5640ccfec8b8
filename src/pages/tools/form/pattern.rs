//! The `pattern` of a schema, tried in the browser's own regular expressions.
//!
//! JSON Schema patterns are ECMAScript ones and are found anywhere in the text. The browser has
//! the engine already, so none is shipped. On the server this says nothing: there the tool's check
//! of its arguments follows at once.

/// Whether the pattern is found in the text; `None` where that cannot be told here.
#[cfg(feature = "hydrate")]
pub fn matches(pattern: &str, text: &str) -> Option<bool> {
    use wasm_bindgen::JsCast;

    let constructor = js_sys::Reflect::get(&js_sys::global(), &"RegExp".into()).ok()?;
    let arguments = js_sys::Array::of2(&pattern.into(), &"u".into());
    // Through `Reflect`, because a pattern that the browser does not know is an exception.
    let expression =
        js_sys::Reflect::construct(constructor.dyn_ref::<js_sys::Function>()?, &arguments).ok()?;
    Some(expression.dyn_ref::<js_sys::RegExp>()?.test(text))
}

/// Whether the pattern is found in the text; `None` where that cannot be told here.
#[cfg(not(feature = "hydrate"))]
pub fn matches(_pattern: &str, _text: &str) -> Option<bool> {
    None
}
