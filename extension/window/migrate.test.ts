import { expect, it } from "vitest";
import { migrate, type Migration } from "./migrate.ts";

const renamed: Migration = ({ name, ...rest }) => ({ ...rest, title: name });
const numbered: Migration = (stored) => ({ ...stored, number: 1 });

it("leaves data of the current version as it is", () => {
  const stored = { schema: 3, title: "a", number: 7 };
  expect(migrate(stored, [renamed, numbered])).toEqual({ kind: "current", stored });
  expect(migrate({ schema: 1 }, [])).toEqual({ kind: "current", stored: { schema: 1 } });
});

it("takes older data through every version in between", () => {
  const stored = { schema: 3, title: "a", number: 1 };
  const current = { kind: "current", stored };
  expect(migrate({ schema: 1, name: "a" }, [renamed, numbered])).toEqual(current);
  expect(migrate({ schema: 2, title: "a" }, [renamed, numbered])).toEqual(current);
});

it("knows data of a later version", () => {
  expect(migrate({ schema: 4 }, [renamed, numbered])).toEqual({ kind: "newer" });
});

it.each([null, 7, "text", {}, { schema: "1" }, { schema: 0 }, { schema: 1.5 }])(
  "knows what is no stored data: %j",
  (stored) => {
    expect(migrate(stored, [])).toEqual({ kind: "unreadable" });
  },
);
