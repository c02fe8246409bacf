// The request that the API guide's chapter on signatures prints, as an example for those who have chosen nothing yet.

import { computed } from "@preact/signals";
import { Signer } from "./library.js";
import { SAMPLE_KEY } from "./settings.js";

export const PUBLISHED = {
  action: "RunInstances",
  zone: "pek3a",
  time: "2013-08-27T14:30:10Z",
  params: {
    count: 1,
    image_id: "centos64x86a",
    instance_name: "demo",
    instance_type: "small_b",
    login_mode: "passwd",
    login_passwd: "QingCloud20130712",
    vxnets: ["vxnet-0"],
  },
};

/** Its signature, step by step; undefined while the signer loads. */
export const publishedSteps = computed(() => {
  if (!Signer.value) return undefined;
  const { action, zone, time, params } = PUBLISHED;
  const signer = new Signer.value({ ...SAMPLE_KEY, zone, now: () => Date.parse(time) });
  try {
    return signer.explain(action, params);
  } finally {
    signer.free();
  }
});
