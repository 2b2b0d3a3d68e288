import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useScreenName } from "./useScreenName";
import classes from "./Palette.module.css";
import { SCREENS } from "./screens";

/** Every key that holds on all screens. */
export function KeyList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const screenName = useScreenName();
  const keys: [string, string[]][] = [
    [t("palette.open"), ["Ctrl", "K"]],
    [t("palette.keys"), ["?"]],
    [t("palette.closeKey"), ["Esc"]],
    ...SCREENS.map(([screen, , letter]): [string, string[]] => [t("palette.goTo", { screen: screenName(screen) }), ["g", letter]]),
  ];
  return (
    <Modal opened onClose={onClose} title={t("palette.keys")} size="lg" closeButtonProps={{ "aria-label": t("action.close") }}>
      <dl className={classes.keys}>
        {keys.map(([name, pressed]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {pressed.map((key) => (
                <kbd key={key} className={classes.key}>
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
