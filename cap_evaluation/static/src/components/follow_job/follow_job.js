import {Component, onMounted, onWillUnmount, xml} from "@odoo/owl";
import {ConnectionLostError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** Milliseconds between two readings of a record that a job is changing. */
export const PERIOD = 3000;

/**
 * Reads a record again while this is shown, so that a bar moves as the job does.
 *
 * Show it only while the job runs. What somebody is typing is never read over, and a
 * server that cannot be reached is asked again later.
 */
export class FollowJob extends Component {
    static template = xml`<span class="o_cap_follow_job" />`;
    static props = {...standardWidgetProps};

    setup() {
        onMounted(() => this.plan());
        onWillUnmount(() => {
            this.stopped = true;
            clearTimeout(this.timer);
        });
    }

    plan() {
        if (!this.stopped) {
            this.timer = setTimeout(() => this.read(), PERIOD);
        }
    }

    async read() {
        const {record} = this.props;
        try {
            if (record.resId && !(await record.isDirty()) && !this.stopped) {
                await record.load();
            }
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
        this.plan();
    }
}

registry.category("view_widgets").add("cap_follow_job", {component: FollowJob});
