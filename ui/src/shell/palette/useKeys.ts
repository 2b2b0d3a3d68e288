import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { SCREENS } from "./screens";

/** After `g` the next key says where to; a later one is a key of its own. */
const GO_MS = 1_200;

export type Opened = "palette" | "keys" | undefined;

/** Where letters are typed, a letter is no command. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]:not([contenteditable=false])") !== null;

/** The keys that hold on every screen: Ctrl or Command and K, `?`, and `g` with the letter of a screen. */
export function useKeys(projectId: number): [Opened, (opened: Opened) => void] {
  const [opened, setOpened] = useState<Opened>();
  const navigate = useNavigate();
  const goneAt = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpened((now) => (now === "palette" ? undefined : "palette"));
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"]')) return;
      const screen = SCREENS.find(([, , letter]) => letter === event.key);
      if (event.timeStamp - goneAt.current < GO_MS && screen) {
        goneAt.current = 0;
        event.preventDefault();
        void navigate({ to: `/p/$projectId/${screen[0]}`, params: { projectId } });
      } else if (event.key === "g") {
        goneAt.current = event.timeStamp;
      } else if (event.key === "?") {
        event.preventDefault();
        setOpened("keys");
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [navigate, projectId]);
  return [opened, setOpened];
}
