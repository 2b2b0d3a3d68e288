import { ActionIcon, Button, type ButtonVariant, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./icons";

/** How long the button says "copied". */
const SAID_MS = 1_600;

/** Copies through the clipboard, or through a selection where the page is not on a secure origin. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return [copied, (text) => void copyText(text).then(() => setCopied(true))];
}

interface CopyProps {
  text: string | (() => string);
  label: string;
}

const textOf = (text: CopyProps["text"]): string => (typeof text === "string" ? text : text());

export function CopyButton({ text, label, variant = "light" }: CopyProps & { variant?: ButtonVariant }) {
  const { t } = useTranslation();
  const [copied, copy] = useCopied();
  return (
    <Button
      variant={variant}
      leftSection={<Icon name={copied ? "check" : "copy"} size={16} />}
      onClick={() => copy(textOf(text))}
    >
      <span aria-live="polite">{copied ? t("action.copied") : label}</span>
    </Button>
  );
}

export function CopyIcon({ text, label }: CopyProps) {
  const { t } = useTranslation();
  const [copied, copy] = useCopied();
  return (
    <Tooltip label={copied ? t("action.copied") : label}>
      <ActionIcon aria-label={copied ? t("action.copied") : label} onClick={() => copy(textOf(text))}>
        <Icon name={copied ? "check" : "copy"} size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
