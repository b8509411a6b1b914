/** Answers of the model in one turn. */
const STEPS_DEFAULT = 50;
/** Tokens that the model may say in one turn, all answers together. */
const TURN_TOKENS_DEFAULT = 65_536;
/**
 * Tokens of one answer. It is always given, so that agents which share a model know how much room
 * each may take.
 */
const ANSWER_TOKENS_DEFAULT = 4_096;

export type AgentLimits = {
  readonly stepsMax: number;
  readonly turnTokensMax: number;
  readonly answerTokensMax: number;
};

export const AGENT_LIMITS_DEFAULT: AgentLimits = {
  stepsMax: STEPS_DEFAULT,
  turnTokensMax: TURN_TOKENS_DEFAULT,
  answerTokensMax: ANSWER_TOKENS_DEFAULT,
};
