//! Whether an action can be done now, and why not. Asked before every action, for every hint, and by help and
//! palette. Read-only mode is the one line at the top.

use super::action::Action;
use super::model::Model;
use super::part::Available;
use super::screens::ScreenId;

/// Whether an action can be done now.
pub fn available(model: &Model, action: Action) -> Available {
    if let Some(reason) = read_only(model).filter(|_| action.info().writes) {
        return Available::Disabled(reason);
    }
    if ScreenId::of(action).is_some() {
        return Available::Ready;
    }
    let data = &model.data;
    match action {
        Action::Palette | Action::Help | Action::Quit | Action::QuitNow | Action::Back | Action::Mouse => {
            Available::Ready
        }
        Action::CopyTo => Available::no(format!("\"{}\" comes with a later version", action.info().title)),
        Action::Undo => undo(model),
        Action::Settle => match (data.settling.since(), data.cut_off().is_empty()) {
            (Some(_), _) => Available::no("It is being asked already"),
            (None, true) => Available::no("Nothing waits for an answer"),
            (None, false) => match model.screens.plan.running() {
                Some(one) => Available::no(format!("Wait until {} is sent", one.names())),
                None => Available::Ready,
            },
        },
        Action::Redo => Available::when(model.ledger.can_redo(), "Nothing was taken back"),
        Action::RefreshAll => match data.sync.since() {
            Some(_) => Available::no("A refresh is running"),
            None => Available::when(!data.accounts.is_empty(), "There are no accounts yet"),
        },
        Action::Refresh => match (data.sync.since(), model.top().account(data)) {
            (Some(_), _) => Available::no("A refresh is running"),
            (None, account) => Available::when(account.is_some(), "No account is in focus"),
        },
        Action::StopSending => {
            let sending = model.screens.plan.running();
            match sending {
                Some(one) if one.stopping => Available::no("It stops after the request in flight"),
                sending => Available::when(sending.is_some(), "Nothing is being sent"),
            }
        }
        Action::FetchTerms => match data.fetch.since() {
            Some(_) => Available::no("Search terms are being fetched"),
            None => Available::when(!data.accounts.is_empty(), "There are no accounts yet"),
        },
        Action::StopSync => {
            let running = data.sync.since().or(data.fetch.since()).is_some();
            Available::when(running, "No refresh is running")
        }
        Action::NextPane | Action::PrevPane if model.overlays.is_empty() => Available::Ready,
        _ => model.top().available(data, action),
    }
}

/// Whether something can be taken back: staged, or sent.
fn undo(model: &Model) -> Available {
    let on_history = model.shown_screen() == ScreenId::History && model.overlays.is_empty();
    if !on_history && (!model.data.staged.is_empty() || model.ledger.can_undo()) {
        return Available::Ready;
    }
    if let Some(one) = model.screens.plan.running() {
        return Available::no(format!("Wait until {} is sent", one.names()));
    }
    let sent = !model.data.touches.is_empty() || (on_history && model.screens.history.focused().is_some());
    Available::when(sent, "Nothing is staged, and nothing was sent yet that could be taken back")
}

/// Why nothing may be staged or sent here.
fn read_only(model: &Model) -> Option<String> {
    if model.data.read_only {
        return Some("Read-only: nothing is staged or sent".to_owned());
    }
    let account = &model.top().account(&model.data)?.account;
    account.read_only.then(|| format!("{} is read-only in the configuration", account.name))
}
