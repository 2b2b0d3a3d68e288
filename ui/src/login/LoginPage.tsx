import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { isLanguage, setLanguage } from "../i18n/language";
import { Outside } from "../setup/Outside";
import { LoginForm } from "./LoginForm";

export function LoginPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { next } = useSearch({ from: "/login" });
  return (
    <Outside title={t("login.title")}>
      <LoginForm
        onLogin={(me) => {
          if (isLanguage(me.member.language)) void setLanguage(me.member.language);
          void navigate({ to: next ?? "/", replace: true });
        }}
      />
    </Outside>
  );
}
