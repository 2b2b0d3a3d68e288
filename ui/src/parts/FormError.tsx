import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ApiError, Unreachable } from "../api/errors";

/** Why a form was refused, above its button. */
export function FormError({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!error) return null;
  const text =
    error instanceof ApiError
      ? error.message
      : error instanceof Unreachable
        ? t("error.unreachable")
        : t("error.unexpected");
  return (
    <Alert color="red" variant="light" role="alert">
      {text}
    </Alert>
  );
}
