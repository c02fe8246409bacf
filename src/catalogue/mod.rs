//! What the service's pages say of each action.

/// How a list, an object or a boolean is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `name.1`, `name.2`, `name.1.field`.
    Indexed,
    /// The whole value as JSON text.
    Json,
    /// JSON text where `project_id` is given, indexed where it is not.
    JsonInProject,
    /// A boolean as `true` or `false`; all others are `1` or `0`.
    Boolean,
}

/// How `parameter` of `action` is encoded.
pub fn encoding(_action: &str, _parameter: &str) -> Encoding {
    Encoding::Indexed
}
/// The action's name on the wire.
pub fn wire_action(action: &str) -> &str {
    action
}
/// Whether the action is documented as POST.
pub fn is_post(_action: &str) -> bool {
    false
}
