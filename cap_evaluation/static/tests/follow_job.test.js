import {expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    MockServer,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {PERIOD} from "@cap_evaluation/components/follow_job/follow_job";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Job extends models.Model {
    _name = "job";
    name = fields.Char();
    left = fields.Integer();
    _records = [{id: 1, name: "Spring", left: 12}];
}

defineMailModels();
defineModels([Job]);

const ARCH = `
    <form>
        <field name="name"/>
        <field name="left"/>
        <div invisible="not left"><widget name="cap_follow_job"/></div>
    </form>`;

async function mountJob() {
    onRpc("job", "web_read", () => expect.step("read"));
    await mountView({type: "form", resModel: "job", resId: 1, arch: ARCH});
    expect.verifySteps(["read"]);
}

test("a form follows the job while it runs, and stops with it", async () => {
    await mountJob();
    MockServer.env.job.write([1], {left: 5});
    await advanceTime(PERIOD);
    await animationFrame();
    expect.verifySteps(["read"]);
    expect("[name=left] input").toHaveValue("5");
    MockServer.env.job.write([1], {left: 0});
    await advanceTime(PERIOD);
    await animationFrame();
    expect.verifySteps(["read"]);
    await advanceTime(PERIOD * 3);
    expect.verifySteps([]);
});

test("what is being typed is not read over", async () => {
    await mountJob();
    await contains("[name=name] input").edit("Autumn");
    await advanceTime(PERIOD);
    await animationFrame();
    expect.verifySteps([]);
    expect("[name=name] input").toHaveValue("Autumn");
});
