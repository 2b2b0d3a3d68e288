import { useTranslation } from "react-i18next";
import { useSignal } from "../api/signal";
import { Icon } from "./icons";
import { dismissToast, toasts } from "./toasts";
import classes from "./Toasts.module.css";

export function Toasts() {
  const { t } = useTranslation();
  const shown = useSignal(toasts);
  return (
    <div className={classes.stack} role="status" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className={classes.toast} data-bad={toast.bad || undefined}>
          <span className={classes.text}>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              className={classes.action}
              onClick={() => {
                toast.action?.run();
                dismissToast(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button
            type="button"
            className={classes.close}
            aria-label={t("action.dismiss")}
            onClick={() => dismissToast(toast.id)}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}
