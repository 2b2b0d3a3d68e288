/** What stands in place of a screen that is not there yet, cannot be shown, or does not exist. */
import { Button } from "@mantine/core";
import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty, ErrorPanel, LoadingRows } from "../parts/States";

export function PageLoading() {
  return (
    <div style={{ padding: 24 }}>
      <LoadingRows rows={5} height={24} />
    </div>
  );
}

export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <main>
      <ErrorPanel
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
}

export function PageMissing() {
  const { t } = useTranslation();
  return (
    <main>
      <Empty
        icon="search"
        title={t("missing.title")}
        actions={
          <Link to="/">
            <Button component="span">{t("missing.home")}</Button>
          </Link>
        }
      >
        {t("missing.text")}
      </Empty>
    </main>
  );
}
