//! What the pages say of each action.
