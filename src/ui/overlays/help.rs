//! The help: every action of the place one is in, with all its keys, and why one cannot be done now. Made from
//! actions and keymap; nothing is written here.

use strum::VariantArray;

use super::pager::{Content, Pager};
use crate::ui::action::{Action, Group};
use crate::ui::available::available;
use crate::ui::canvas::{Line, fit};
use crate::ui::model::Model;
use crate::ui::part::Available;
use crate::ui::theme::Role;

/// The help for where the person is.
pub fn pager(model: &Model) -> Pager {
    let contexts = model.contexts();
    let mut lines = model.top().about(&model.data);
    lines.extend([
        Line::of("Five keys are enough: arrows or j k, enter, esc, tab, and : for everything.", Role::Text),
        Line::of("a e t d only stage. Nothing leaves before p (plan), A and a confirmation.", Role::Dim),
    ]);
    for group in Group::VARIANTS {
        let rows: Vec<(Action, String)> = Action::VARIANTS
            .iter()
            .filter(|action| action.info().group == *group)
            .map(|action| (*action, model.data.keymap.keys(&contexts, *action).join("  ")))
            .filter(|(_, keys)| !keys.is_empty())
            .collect();
        if rows.is_empty() {
            continue;
        }
        lines.push(Line::new());
        lines.push(Line::of(group.to_string(), Role::Title));
        for (action, keys) in rows {
            let line = Line::of(fit(&format!("  {keys}"), 22, "", false), Role::Key);
            lines.push(match available(model, action) {
                Available::Ready => line.put(action.info().title, Role::Text),
                Available::Disabled(reason) => {
                    line.put(action.info().title, Role::Dim).put(format!("   {reason}"), Role::Dim)
                }
            });
        }
    }
    Pager::new(
        format!("Keys {} {}", model.data.theme.symbols.dot, model.shown_screen().title()),
        Content::Lines(lines),
    )
}
