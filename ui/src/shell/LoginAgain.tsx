import { Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keys } from "../api/keys";
import { loginHappened, loginNeeded } from "../api/login-gate";
import { useSignal } from "../api/signal";
import type { Me } from "../api/words";
import { LoginForm } from "../login/LoginForm";

/** Asks for the password over the page as it is; what was on the screen, and what was being sent, goes on after it. */
export function LoginAgain() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const needed = useSignal(loginNeeded);
  const email = cache.getQueryData<Me>(keys.me)?.member.email;
  return (
    <Modal
      opened={needed}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={t("login.expiredTitle")}
      centered
    >
      <p style={{ marginTop: 0 }}>{t("login.expiredText")}</p>
      <LoginForm {...(email ? { email } : {})} onLogin={loginHappened} />
    </Modal>
  );
}
