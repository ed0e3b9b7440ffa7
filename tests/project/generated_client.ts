// A client as openapi-typescript and openapi-fetch make one of `openapi.d.ts`; the test only checks its types.

import createClient from "openapi-fetch";
import type { paths } from "./openapi.d.ts";

const client = createClient<paths>({ baseUrl: "http://localhost:8000" });

export async function happiest(image: string): Promise<number | null> {
  const { data, error } = await client.POST("/api/v1/predict", { body: { image }, params: { query: { record: false } } });
  if (error) {
    throw new Error(error.error.code);
  }
  return data.faces[0]?.scores.happy ?? null;
}

export async function mostCommon(): Promise<string | undefined> {
  const { data } = await client.GET("/api/v1/dashboard/stats");
  return data?.most_common_emotion?.name;
}
