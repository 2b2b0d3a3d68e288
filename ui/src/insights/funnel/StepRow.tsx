import { ActionIcon, Badge, Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type FunnelStep, OCCURRENCES } from "../../api/words";
import { Icon } from "../../parts/icons";
import type { Choices } from "../frame/kind";
import { MatchRow } from "../frame/MatchRow";

interface StepRowProps extends Choices {
  index: number;
  step: FunnelStep;
  /** Whether the step may be left out by those who convert. */
  mayBeOptional: boolean;
  onChange: (step: FunnelStep) => void;
  /** Absent at the ends, and while there is no step to spare. */
  onUp?: () => void;
  onDown?: () => void;
  onRemove?: () => void;
}

/** One step: which event, where it stands, whether it is required. */
export function StepRow({ index, step, mayBeOptional, onChange, onUp, onDown, onRemove, ...choices }: StepRowProps) {
  const { t } = useTranslation();
  const number = index + 1;
  const occurrence = step.occurrence ?? "any";
  const { optional: _optional, ...required } = step;
  return (
    <MatchRow
      mark={number}
      scope={t("funnel.stepNth", { number })}
      eventLabel={t("funnel.eventOf", { number })}
      match={step}
      {...choices}
      onChange={onChange}
      removeLabel={t("funnel.removeStep", { number })}
      {...(onRemove ? { onRemove } : {})}
    >
      {step.optional && mayBeOptional && <Badge variant="light" tt="none">{t("funnel.optional")}</Badge>}
      {occurrence !== "any" && <Badge variant="light" tt="none">{t(`funnel.occurrence.${occurrence}`)}</Badge>}
      <ActionIcon aria-label={t("funnel.up", { number })} disabled={!onUp} onClick={onUp}>
        <span style={{ transform: "scaleY(-1)", display: "grid" }}>
          <Icon name="down" size={14} />
        </span>
      </ActionIcon>
      <ActionIcon aria-label={t("funnel.down", { number })} disabled={!onDown} onClick={onDown}>
        <Icon name="down" size={14} />
      </ActionIcon>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon aria-label={t("funnel.stepMenu", { number })}>
            <Icon name="dots" size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            disabled={!mayBeOptional}
            leftSection={step.optional ? <Icon name="check" size={14} /> : <Gap />}
            onClick={() => onChange(step.optional ? required : { ...step, optional: true })}
          >
            {t("funnel.optional")}
          </Menu.Item>
          <Menu.Divider />
          {OCCURRENCES.map((one) => (
            <Menu.Item
              key={one}
              leftSection={one === occurrence ? <Icon name="check" size={14} /> : <Gap />}
              onClick={() => {
                const { occurrence: _old, ...rest } = step;
                onChange(one === "any" ? rest : { ...rest, occurrence: one });
              }}
            >
              {t(`funnel.occurrence.${one}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </MatchRow>
  );
}

/** Where a tick could stand. */
const Gap = () => <span style={{ display: "inline-block", width: 14 }} />;
