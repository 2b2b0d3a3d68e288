import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./NameFields.module.css";

interface Named {
  name: string;
  description: string;
}

/** Name and description of a thing that is saved under a name. */
export function NameFields({ of, onChange }: { of: Named; onChange: (changed: Partial<Named>) => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.fields}>
      <TextInput
        label={t("saved.name")}
        value={of.name}
        maxLength={200}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t("saved.description")}
        value={of.description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
    </div>
  );
}
