/** The one place where the state of the page changes, and where the address follows it. */

import { fromHash, sameSelection, toHash, type State } from "./state";

type Listener = (now: State, before: State) => void;

export class Store {
  private readonly listeners: Listener[] = [];
  private current: State = fromHash(location.hash);

  constructor() {
    addEventListener("popstate", () => this.enter(fromHash(location.hash)));
  }

  get state(): State {
    return this.current;
  }

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Change some of the state. What a person would go back to becomes a step of the history; the rest does not. */
  set(change: Partial<State>): void {
    const next = { ...this.current, ...change };
    const address = toHash(next) || location.pathname + location.search;
    if (isStep(next, this.current)) history.pushState(null, "", address);
    else history.replaceState(history.state, "", address);
    this.enter(next);
  }

  private enter(next: State): void {
    const before = this.current;
    this.current = next;
    for (const listener of this.listeners) listener(next, before);
  }
}

function isStep(next: State, before: State): boolean {
  return !sameSelection(next.selection, before.selection) || next.on !== before.on || next.mode !== before.mode
    || next.level !== before.level || next.release !== before.release;
}
