//! What pages ask of the browser. On the server each of these is silent: there is nobody to ask.

use jiff::civil::Date;
use leptos::ev::PointerEvent;

/// Today in the viewer's own calendar; none on the server, whose clock is not the viewer's.
pub(crate) fn today() -> Option<Date> {
    #[cfg(feature = "hydrate")]
    {
        let now = js_sys::Date::new_0();
        let year = i16::try_from(now.get_full_year()).ok()?;
        let month = i8::try_from(now.get_month() + 1).ok()?;
        let day = i8::try_from(now.get_date()).ok()?;
        Date::new(year, month, day).ok()
    }
    #[cfg(not(feature = "hydrate"))]
    None
}

/// Milliseconds by the browser's clock, to measure how long something takes.
pub(crate) fn now_millis() -> f64 {
    #[cfg(feature = "hydrate")]
    {
        js_sys::Date::now()
    }
    #[cfg(not(feature = "hydrate"))]
    0.0
}

/// Puts the focus on the element with this id.
pub(crate) fn focus(id: &str) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        if let Some(element) = leptos::prelude::document().get_element_by_id(id)
            && let Some(element) = element.dyn_ref::<web_sys::HtmlElement>()
        {
            // Only an element that cannot have the focus refuses it.
            element.focus().ok();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// Puts the focus on an element that is only just coming into the document.
pub(crate) fn focus_soon(id: &'static str) {
    #[cfg(feature = "hydrate")]
    leptos::prelude::request_animation_frame(move || focus(id));
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// An attribute of the `html` element, which the server wrote.
#[cfg(feature = "hydrate")]
pub(crate) fn root_attribute(name: &str) -> Option<String> {
    leptos::prelude::document().document_element()?.get_attribute(name)
}

/// Sets an attribute of the `html` element.
pub(crate) fn set_root_attribute(name: &str, value: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(root) = leptos::prelude::document().document_element() {
        // Fails only for names that no element can have.
        root.set_attribute(name, value).ok();
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (name, value);
}

/// Keeps a preference for a year, where the server reads it with the next page.
pub(crate) fn set_cookie(name: &str, value: &str) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        if let Some(document) = leptos::prelude::document().dyn_ref::<web_sys::HtmlDocument>() {
            // A browser that refuses cookies keeps the preference for this page only.
            document.set_cookie(&format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax")).ok();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (name, value);
}

/// Puts a text on the clipboard, then says whether that worked.
pub(crate) fn copy(text: String, done: impl FnOnce(bool) + 'static) {
    #[cfg(feature = "hydrate")]
    {
        // Pages that are not served securely have no clipboard; asking it would throw.
        if !leptos::prelude::window().is_secure_context() {
            return done(false);
        }
        let written = leptos::prelude::window().navigator().clipboard().write_text(&text);
        leptos::task::spawn_local(async move {
            done(wasm_bindgen_futures::JsFuture::from(written).await.is_ok());
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (text, done);
}

/// A path of this server as an address that can be sent to others.
pub(crate) fn absolute(path: &str) -> String {
    #[cfg(feature = "hydrate")]
    {
        let origin = leptos::prelude::window().location().origin().unwrap_or_default();
        format!("{origin}{path}")
    }
    #[cfg(not(feature = "hydrate"))]
    path.to_owned()
}

/// Opens the browser's dialogue for printing.
pub(crate) fn print() {
    #[cfg(feature = "hydrate")]
    {
        // A browser that cannot print has nothing to say about it.
        leptos::prelude::window().print().ok();
    }
}

/// Listens to a stream of events of the server, until the page is left. `lost` says that the connection
/// broke off, or that the server refused it: the browser connects again by itself in the first case only.
pub(crate) fn listen(
    address: &str,
    event: &str,
    heard: impl Fn(String) + 'static,
    lost: impl Fn() + 'static,
) {
    #[cfg(feature = "hydrate")]
    {
        use leptos::prelude::{StoredValue, UpdateValue, on_cleanup};
        use wasm_bindgen::JsCast;
        use wasm_bindgen::closure::Closure;
        // A browser without event sources shows what the server rendered.
        let Ok(source) = web_sys::EventSource::new(address) else { return };
        let heard = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
            if let Some(text) = event.data().as_string() {
                heard(text);
            }
        });
        let lost = Closure::<dyn Fn()>::new(lost);
        source.add_event_listener_with_callback(event, heard.as_ref().unchecked_ref()).ok();
        source.add_event_listener_with_callback("error", lost.as_ref().unchecked_ref()).ok();
        let kept = StoredValue::new_local(Some((source, heard, lost)));
        on_cleanup(move || {
            kept.update_value(|kept| {
                if let Some((source, ..)) = kept.take() {
                    source.close();
                }
            });
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (address, event, heard, lost);
}

/// Whether the page is in a tab that nobody sees.
pub(crate) fn is_hidden() -> bool {
    #[cfg(feature = "hydrate")]
    {
        leptos::prelude::document().hidden()
    }
    #[cfg(not(feature = "hydrate"))]
    false
}

/// How far across its target a pointer is, 0 at the left and 1 at the right.
pub(crate) fn fraction_across(event: &PointerEvent) -> Option<f64> {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        let target = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
        let rectangle = target.get_bounding_client_rect();
        let fraction = (f64::from(event.client_x()) - rectangle.left()) / rectangle.width();
        fraction.is_finite().then(|| fraction.clamp(0.0, 1.0))
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        None
    }
}
