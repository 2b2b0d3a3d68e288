import { Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../../parts/icons";
import { type Choice, matching } from "./match";
import classes from "./Palette.module.css";

export interface PaletteChoice extends Choice {
  icon: IconName;
  /** What kind of thing it is. */
  kind: string;
  run: () => void;
}

interface PaletteProps {
  choices: readonly PaletteChoice[];
  /** What can be done with the very text that was typed. */
  withText: (text: string) => PaletteChoice[];
  onClose: () => void;
}

const SHOWN_MAX = 12;

/** Type a few letters, press Enter: every screen, saved insight, event and app. */
export function Palette({ choices, withText, onClose }: PaletteProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const shown = [...matching(choices, typed, SHOWN_MAX), ...(typed.trim() === "" ? [] : withText(typed.trim()))];
  const active = Math.min(at, shown.length - 1);
  const choose = (choice: PaletteChoice | undefined) => {
    if (!choice) return;
    onClose();
    choice.run();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      title={<span className="tm-visually-hidden">{t("palette.title")}</span>}
      classNames={{ header: classes.head ?? "", body: classes.body ?? "" }}
      size={620}
      yOffset="12dvh"
    >
      <div className={classes.field}>
        <Icon name="search" />
        <input
          className={classes.input}
          role="combobox"
          aria-expanded
          aria-controls="palette-choices"
          aria-activedescendant={shown[active] ? `palette-${active}` : undefined}
          aria-label={t("palette.title")}
          placeholder={t("palette.placeholder")}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
            if (step !== 0 && shown.length > 0) {
              event.preventDefault();
              setAt((active + step + shown.length) % shown.length);
            } else if (event.key === "Enter") {
              event.preventDefault();
              choose(shown[active]);
            }
          }}
        />
        <kbd className={classes.key}>Esc</kbd>
      </div>
      <ul id="palette-choices" className={classes.list} role="listbox" aria-label={t("palette.title")}>
        {shown.map((choice, index) => (
          <li
            key={choice.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === active}
            className={classes.choice}
            ref={(element) => {
              if (index === active) element?.scrollIntoView({ block: "nearest" });
            }}
            onPointerMove={() => setAt(index)}
            onClick={() => choose(choice)}
          >
            <Icon name={choice.icon} size={16} />
            <span className="tm-clip">{choice.label}</span>
            <span className={classes.kind}>{choice.kind}</span>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className={classes.none}>{t("palette.none")}</p>}
    </Modal>
  );
}
