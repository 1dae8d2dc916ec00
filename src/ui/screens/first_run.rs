//! The first run: no account is configured. Offers the demo, shows how to add an account, names the doctor.

use ratatui::layout::Rect;

use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, Line, Target, fit};
use crate::ui::data::Data;
use crate::ui::effect::Effect;
use crate::ui::keymap::Context;
use crate::ui::layout::{inset, row};
use crate::ui::overlays::Overlay;
use crate::ui::overlays::pager::{Content, Pager};
use crate::ui::part::{Available, Cx, Part};
use crate::ui::theme::Role;
use crate::ui::widgets::list::ListState;

/// The first run.
#[derive(Clone, Debug, Default)]
pub struct FirstRun {
    list: ListState,
}

const CHOICES: [(&str, &str); 3] = [
    ("Try the demo", "invented sellers; nothing leaves this machine"),
    ("Add an account", "what each platform needs, and where it goes"),
    ("Check this machine", "unbid doctor: configuration, clock, cache, terminal"),
];

impl FirstRun {
    fn choose(&self, cx: &mut Cx) {
        match self.list.cursor {
            0 => cx.emit(Effect::Run("demo")),
            1 => cx.open(Overlay::Pager(adding(cx.data))),
            _ => cx.emit(Effect::Run("doctor")),
        }
    }
}

/// How to add an account: one table of the config file per platform, from the platforms' own fields.
pub fn adding(data: &Data) -> Pager {
    let mut lines = vec![Line::from(format!("Accounts are tables in {}:", data.config)), Line::new()];
    for platform in &data.platforms {
        lines.push(Line::of("[[account]]", Role::Accent).put(format!("    # {}", platform.title), Role::Dim));
        lines.push(Line::from("name = \"a name of your choice\""));
        lines.push(Line::from(format!("platform = \"{}\"", platform.id)));
        for (key, required, help) in &platform.fields {
            let role = if *required { Role::Text } else { Role::Dim };
            let note = if *required { (*help).to_owned() } else { format!("{help} (optional)") };
            lines.push(Line::of(fit(&format!("{key} = …"), 22, "", false), role).put(note, Role::Dim));
        }
        lines.push(Line::new());
    }
    lines.push(Line::from("A secret is { env = \"NAME\" }, { file = \"path\" } or { keyring = \"name\" }."));
    lines.push(Line::from("Then sign in with `unbid login NAME`, and check with `unbid doctor`."));
    Pager::new("Add an account", Content::Lines(lines))
}

impl Part for FirstRun {
    fn contexts(&self, _: &Data) -> Vec<Context> {
        vec![Context::List]
    }

    fn hints(&self, _: &Data) -> Vec<Action> {
        vec![Action::Down, Action::Open, Action::Quit]
    }

    fn available(&self, _: &Data, action: Action) -> Available {
        let known = matches!(action, Action::Open | Action::Right) || ListState::moves(action);
        Available::when(known, "There is no account yet")
    }

    fn act(&mut self, cx: &mut Cx, action: Action) {
        match action {
            Action::Open | Action::Right => self.choose(cx),
            _ => _ = self.list.act(action, CHOICES.len()),
        }
    }

    fn click(&mut self, cx: &mut Cx, _: u8, item: usize) {
        let again = self.list.cursor == item;
        self.list.cursor = item;
        if again {
            self.choose(cx);
        }
    }

    fn layout(&mut self, _: &Data, _: Rect) {
        self.list.fit(CHOICES.len(), CHOICES.len());
    }

    fn paint(&self, data: &Data, canvas: &mut Canvas, area: Rect) {
        let area = inset(area, 2);
        canvas.line(row(area, 1), &Line::of("Every negative of every account, on one screen.", Role::Title));
        for (at, (label, note)) in CHOICES.iter().enumerate() {
            let place = row(area, 3 + at as u16);
            let here = at == self.list.cursor;
            let cursor = if here { data.theme.symbols.cursor } else { " " };
            let line = Line::of(format!("{cursor} "), Role::Accent)
                .put(fit(label, 22, "", false), if here { Role::Title } else { Role::Text })
                .put(*note, Role::Dim);
            if here {
                canvas.ground(place, Role::Cursor);
                canvas.line_on(place, &line, data.theme.style(Role::Cursor));
            } else {
                canvas.line(place, &line);
            }
            canvas.hit(place, Target::Item(0, at));
        }
        let config = Line::of(format!("No accounts in {}", data.config), Role::Dim);
        canvas.line(row(area, 7), &config);
        let keys =
            Line::of("Five keys are enough:  arrows or j k   enter   esc   ? keys   : everything", Role::Text);
        canvas.line(row(area, 9), &keys);
        let safe = "a e t d only stage. Nothing leaves before p (plan), A and a confirmation.";
        canvas.line(row(area, 10), &Line::of(safe, Role::Text));
    }

    fn trail(&self, _: &Data) -> Vec<String> {
        vec!["no accounts yet".to_owned()]
    }
}
