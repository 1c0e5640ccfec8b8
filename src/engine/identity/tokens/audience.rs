//! For which of our addresses a token is.

/// Whether an audience is the address of a request, or one above it.
pub(super) fn covers(audience: &str, public_url: &str, path: &str) -> bool {
    let Some(named) = path_of(audience, public_url) else { return false };
    named.is_empty() || path == named || path.strip_prefix(named).is_some_and(|rest| rest.starts_with('/'))
}

/// The path of an address of ours, empty for all of them; none where it is no address of ours. Scheme and host are
/// compared without regard to large and small letters (RFC 3986), the path letter by letter: `/mcp/` is another
/// address than `/mcp`.
fn path_of<'a>(audience: &'a str, public_url: &str) -> Option<&'a str> {
    let (beginning, rest) = audience.split_at_checked(public_url.len())?;
    let path = if rest == "/" { "" } else { rest };
    let is_ours = beginning.eq_ignore_ascii_case(public_url) && (path.is_empty() || is_resource(path));
    is_ours.then_some(path)
}

/// Whether tokens may be for the address of a path alone: that of REST, that of MCP, or that of one server of MCP.
fn is_resource(path: &str) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    matches!(path, "/api" | "/mcp") || path.strip_prefix("/mcp/").is_some_and(is_name)
}

#[cfg(test)]
mod tests {
    use super::covers;

    const URL: &str = "https://patchline.example";

    #[test]
    fn a_token_is_good_at_the_address_that_it_names_and_below() {
        for (audience, path, good) in [
            ("https://patchline.example/mcp", "/mcp", true),
            ("https://patchline.example/mcp", "/mcp/s3", true),
            ("https://patchline.example/mcp/s3", "/mcp/s3", true),
            ("https://patchline.example/mcp/s3", "/mcp", false),
            ("https://patchline.example/mcp/s3", "/mcp/s3x", false),
            ("https://patchline.example/mcp", "/mcpx", false),
            ("https://patchline.example/mcp", "/api/tools", false),
            ("https://patchline.example/api", "/api/tools", true),
            ("https://patchline.example/api", "/upload/audio", false),
            ("https://patchline.example", "/upload/audio", true),
            ("https://patchline.example/", "/mcp", true),
            ("HTTPS://Patchline.Example/mcp", "/mcp", true),
        ] {
            assert_eq!(covers(audience, URL, path), good, "{audience} at {path}");
        }
    }

    #[test]
    fn nothing_else_is_an_address_of_ours() {
        for audience in [
            "",
            "patchline",
            "https://patchline.example.evil.example/mcp",
            "https://patchline.example:444/mcp",
            "https://patchline.example@evil.example/mcp",
            "http://patchline.example/mcp",
            "https://patchline.example/mcp/",
            "https://patchline.example/MCP",
            "https://patchline.example/mcp?x",
            "https://patchline.example/mcp#x",
            "https://patchline.example/mcp/s3/",
            "https://patchline.example/mcp/../api",
            "https://patchline.example//mcp",
            "https://patchline.example/%6dcp",
            "https://patchline.exampl\u{e9}/mcp",
        ] {
            assert!(!covers(audience, URL, "/mcp"), "{audience}");
        }
    }
}
