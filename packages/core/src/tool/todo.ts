import { type PlanStep, success, type Tool } from './tool.ts';

const STEP_LIMIT = 50;

export const todoTool: Tool = {
  spec: {
    name: 'todo',
    description: 'Set the plan for work of several steps; call again with every step when one changes.',
    parameters: {
      type: 'object',
      properties: {
        steps: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              text: { type: 'string' },
              status: { type: 'string', enum: ['pending', 'in_progress', 'completed'] },
            },
            required: ['text', 'status'],
          },
        },
      },
      required: ['steps'],
    },
  },
  effect: 'read',
  replay: 'safe',
  run: async (given) => {
    const steps = (given.steps as readonly PlanStep[]).slice(0, STEP_LIMIT);
    const open = steps.filter((step) => step.status !== 'completed').length;
    return success(`Plan kept: ${steps.length} steps, ${open} open.`, { type: 'plan', steps });
  },
};
