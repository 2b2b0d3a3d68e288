import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon } from "../../parts/icons";

interface AddButtonProps {
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

/** One more of what stands above. */
export function AddButton({ disabled, onClick, children }: AddButtonProps) {
  return (
    <div>
      <Button
        variant="light"
        size="compact-sm"
        leftSection={<Icon name="plus" size={14} />}
        disabled={disabled ?? false}
        onClick={onClick}
      >
        {children}
      </Button>
    </div>
  );
}
