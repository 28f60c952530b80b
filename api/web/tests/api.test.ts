import { afterEach, expect, test, vi } from "vitest";
import type { Asking as AskingClass } from "../src/api";

vi.stubGlobal("document", { baseURI: "http://province.test/map/" });
const { Asking, Refusal, service, Silence } = await import("../src/api");

afterEach(() => vi.unstubAllGlobals());

function answering(reply: (address: URL) => Promise<Response> | Response): void {
  vi.stubGlobal("fetch", async (address: URL) => reply(address));
}

const signal = (): AbortSignal => new AbortController().signal;

test("a question keeps to the folder that the page was served from, and leaves out what is not set", async () => {
  let asked = "";
  answering((address) => {
    asked = address.href;
    return Response.json({ units: [] });
  });
  await service.units({ q: "Tân Hòa", former: true, level: null }, signal());
  expect(asked).toBe("http://province.test/map/v1/units?q=T%C3%A2n+H%C3%B2a&former=true");
});

test("a problem is a refusal with its words", async () => {
  const problem = { title: "Không tìm thấy", status: 404, code: "outside-province", detail: "Điểm nằm ngoài." };
  answering(() => new Response(JSON.stringify(problem), { status: 404 }));
  await expect(service.lookup({}, signal())).rejects.toMatchObject({ status: 404, code: "outside-province", detail: "Điểm nằm ngoài." });
});

test.each([502, 200])("a page of someone else with status %d is a refusal without words", async (status) => {
  answering(() => new Response("<html>", { status }));
  await expect(service.legend(signal())).rejects.toSatisfy((error) => error instanceof Refusal && error.status === status && error.detail === "");
});

test("no network is silence", async () => {
  answering(() => Promise.reject(new TypeError("Failed to fetch")));
  await expect(service.legend(signal())).rejects.toBeInstanceOf(Silence);
});

test("a late answer to an earlier question is never heard", async () => {
  const heard: string[] = [];
  const asking: AskingClass = new Asking();
  const hearing = { answer: (answer: string) => heard.push(answer), failure: () => heard.push("failure") };
  let finishFirst = (_: string): void => undefined;
  const first = asking.ask(() => new Promise<string>((resolve) => { finishFirst = resolve; }), hearing);
  await asking.ask(async () => "second", hearing);
  finishFirst("first");
  await first;
  expect(heard).toEqual(["second"]);
});
