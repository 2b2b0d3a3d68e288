import { Button, Group, Popover, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isDay, namedRange, RANGES, type Range } from "../url/range";
import { Icon } from "./icons";
import classes from "./RangePicker.module.css";

interface RangePickerProps {
  range: Range;
  onChange: (range: Range) => void;
}

/** A date range: one of the usual ones, or two days. */
export function RangePicker({ range, onChange }: RangePickerProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const named = namedRange(range);
  const label = named ? t(`range.${named}`) : `${range.from} – ${range.to ?? t("range.now")}`;
  const pick = (next: Range) => {
    setOpened(false);
    onChange(next);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<Icon name="calendar" size={16} />}
          rightSection={<Icon name="down" size={14} />}
          aria-label={t("range.label", { range: label })}
          onClick={() => setOpened((now) => !now)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <div className={classes.columns}>
          <Stack gap={2}>
            {RANGES.map((one) => (
              <button
                key={one}
                type="button"
                className={classes.choice}
                aria-pressed={one === named}
                onClick={() => pick({ from: one })}
              >
                {t(`range.${one}`)}
              </button>
            ))}
          </Stack>
          <Days range={range} onChange={pick} />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Days({ range, onChange }: RangePickerProps) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(isDay(range.from) ? range.from : "");
  const [to, setTo] = useState(isDay(range.to) ? (range.to ?? "") : "");
  const wrong = from !== "" && to !== "" && to < from;
  return (
    <form
      className={classes.days}
      onSubmit={(event) => {
        event.preventDefault();
        if (from !== "" && !wrong) onChange(to === "" ? { from } : { from, to });
      }}
    >
      <Stack gap="xs">
        <TextInput
          type="date"
          label={t("range.from")}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t("range.to")}
          value={to}
          error={wrong && t("range.wrongOrder")}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" disabled={from === "" || wrong}>
            {t("action.apply")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
