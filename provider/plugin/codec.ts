import structs, {
  type ListValue,
  type Struct,
  type Value,
} from "google-protobuf/google/protobuf/struct_pb.js";
import { type Properties, unwrapAll } from "../util/wire.ts";

/**
 * The engine's properties as plain data: secrets and outputs are unwrapped at every level, an unknown value stays the
 * text that stands for it, assets and archives stay as they are sent.
 */
export function decode(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : (unwrapAll(objectOf(struct)) as Properties);
}

/** Plain data as the engine's properties. What is undefined is left out; wire secrets go through as they are. */
export function encode(properties: Properties): Struct {
  const struct = new structs.Struct();
  const fields = struct.getFieldsMap();
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined) fields.set(key, valueFrom(value));
  }
  return struct;
}

function objectOf(struct: Struct): Properties {
  const entries: [string, unknown][] = [];
  struct.getFieldsMap().forEach((value, key) => {
    entries.push([key, dataOf(value)]);
  });
  return Object.fromEntries(entries);
}

function dataOf(value: Value): unknown {
  const { KindCase } = structs.Value;
  switch (value.getKindCase()) {
    case KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case KindCase.STRING_VALUE:
      return value.getStringValue();
    case KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case KindCase.STRUCT_VALUE:
      return objectOf(value.getStructValue() as Struct);
    case KindCase.LIST_VALUE:
      return (value.getListValue() as ListValue).getValuesList().map(dataOf);
    default:
      return null;
  }
}

function valueFrom(data: unknown): Value {
  const value = new structs.Value();
  if (typeof data === "number") value.setNumberValue(data);
  else if (typeof data === "string") value.setStringValue(data);
  else if (typeof data === "boolean") value.setBoolValue(data);
  else if (Array.isArray(data)) {
    const list = new structs.ListValue();
    list.setValuesList(data.map(valueFrom));
    value.setListValue(list);
  } else if (typeof data === "object" && data !== null) value.setStructValue(encode(data as Properties));
  else value.setNullValue(structs.NullValue.NULL_VALUE);
  return value;
}
